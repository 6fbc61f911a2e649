# The peer of PredictBench: trains XGBoost on seeded data, writes its trees and rows, then times what standard input asks for.
# Usage: predict_xgboost.py FOLDER TREES LEAVES ROWS
import json
import sys
import time
import numpy
import xgboost

folder, trees, leaves, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
random = numpy.random.RandomState(1)
x = random.normal(size=(100000 + count, 28)).astype(numpy.float32)
z = 1.5 * x[:, 0] - x[:, 1] * x[:, 2] + numpy.sin(3 * x[:, 3]) + (x[:, 4] > 0.5) * x[:, 5] + 0.3 * x[:, 6:].sum(axis=1) / 5
y = z + random.normal(size=len(z)) > 0
x[random.uniform(size=x.shape) < 0.02] = numpy.nan
settings = {"objective": "binary:logistic", "tree_method": "hist", "grow_policy": "lossguide", "max_leaves": leaves, "max_depth": 0,
            "eta": 0.1, "nthread": 1, "base_score": 0.5}
booster = xgboost.train(settings, xgboost.DMatrix(x[:100000], label=y[:100000]), trees)
rows = numpy.ascontiguousarray(x[100000:])
rows.tofile(folder + "/rows.f32")
booster.predict(xgboost.DMatrix(rows), output_margin=True).astype(numpy.float32).tofile(folder + "/scores.f32")
with open(folder + "/trees.json", "w") as file:
    json.dump([json.loads(tree) for tree in booster.get_dump(with_stats=True, dump_format="json")], file)
some, one = rows[: max(1, count // 100)], rows[:1]
work = {
    "batch": (lambda: booster.inplace_predict(rows, predict_type="margin"), 1),
    "row": (lambda: [booster.inplace_predict(one, predict_type="margin") for _ in range(50)], 50),
    "contribs": (lambda: booster.predict(xgboost.DMatrix(some), pred_contribs=True), 1),
}
print("ready", flush=True)
for line in sys.stdin:
    run, calls = work[line.strip()]
    start = time.process_time()
    run()
    print((time.process_time() - start) / calls, flush=True)
