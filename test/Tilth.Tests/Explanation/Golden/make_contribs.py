# Made xgboost-contribs.json with Debian's XGBoost 1.7.4:  /usr/bin/python3 make_contribs.py > xgboost-contribs.json
# Trees as dumped (a row goes left if its value is below the split), rows (null = missing) and pred_contribs (bias last).
import json
import numpy
import xgboost

random = numpy.random.RandomState(1)
x = random.normal(size=(600, 5)).astype(numpy.float32)
y = 2 * x[:, 0] + x[:, 1] * x[:, 2] + (x[:, 3] > 0.3) + 0.2 * random.normal(size=600)
x[random.uniform(size=x.shape) < 0.08] = numpy.nan
data = xgboost.DMatrix(x, label=y)
booster = xgboost.train({"max_depth": 5, "eta": 0.3, "objective": "reg:squarederror", "base_score": 0.5, "tree_method": "exact", "nthread": 1}, data, 8)
rows = x[:12]
print(json.dumps({
    "trees": [json.loads(tree) for tree in booster.get_dump(with_stats=True, dump_format="json")],
    "rows": [[None if numpy.isnan(v) else float(v) for v in row] for row in rows],
    "contribs": booster.predict(xgboost.DMatrix(rows), pred_contribs=True).tolist(),
}, indent=0))
