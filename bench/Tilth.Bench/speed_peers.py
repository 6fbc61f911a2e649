# The peers of SpeedBench: one measurement in one process, printed as one line of JSON.
# Usage: speed_peers.py PEER FOLDER JSON-SETTINGS; x.bin and y.bin (float32, rows x features; training rows first) lie in FOLDER.
import ctypes
import json
import os
import sys
import time

peer, folder, settings = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
threads = settings["threads"]
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(threads)
# Debian's OpenBLAS takes new processors for a Prescott; this is its AVX-512 kernel, or its AVX2 one.
flags = open("/proc/cpuinfo").read()
os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX" if "avx512f" in flags else "HASWELL"
import numpy


def memory(name):
    return next(int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith(name))


def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def load():
    features, rows = settings["features"], settings["rows"]
    x = numpy.fromfile(folder + "/x.bin", "<f4").reshape(-1, features)
    y = numpy.fromfile(folder + "/y.bin", "<f4")
    return x[:rows], y[:rows], x[rows:], y[rows:]


def report(bin_times, fit_times, y, p, base):
    from sklearn.metrics import log_loss, roc_auc_score
    print(json.dumps({"construct_wall": bin_times[0], "construct_cpu": bin_times[1], "wall": fit_times[0], "cpu": fit_times[1],
                      "auc": roc_auc_score(y, p) if p.ndim == 1 else 0, "log_loss": log_loss(y, numpy.clip(p.astype("f8"), 1e-12, 1 - 1e-12)), "memory": memory("VmHWM") - base}))


def reset_peak():
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")
    return memory("VmRSS")


def lightgbm():
    library = ctypes.CDLL(settings["library"])
    library.LGBM_GetLastError.restype = ctypes.c_char_p

    def call(name, *arguments):
        if getattr(library, name)(*arguments) != 0:
            raise RuntimeError(library.LGBM_GetLastError().decode())

    def text(values):
        return " ".join(f"{key}={value}" for key, value in values.items()).encode()

    x, y, test, y_test = load()
    base = reset_peak()
    shared = {"max_bin": 255, "num_threads": threads, "verbosity": -1}
    if settings["categories"]:
        shared["categorical_feature"] = ",".join(map(str, range(settings["categories"])))
    growth = {"objective": "binary", "num_leaves": settings["leaves"], "learning_rate": 0.1, "min_data_in_leaf": settings["min_data"], "lambda_l2": 0, "seed": settings["seed"], **shared}
    data, booster, done = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.c_int()

    def construct():
        call("LGBM_DatasetCreateFromMat", x.ctypes.data_as(ctypes.c_void_p), 0, x.shape[0], x.shape[1], 1, text(shared), None, ctypes.byref(data))
        call("LGBM_DatasetSetField", data, b"label", y.ctypes.data_as(ctypes.c_void_p), len(y), 0)

    def fit():
        call("LGBM_BoosterCreate", data, text(growth), ctypes.byref(booster))
        for _ in range(settings["trees"]):
            call("LGBM_BoosterUpdateOneIter", booster, ctypes.byref(done))

    bins, fits = timed(construct)[1:], timed(fit)[1:]
    peak = memory("VmHWM")
    p, length = numpy.zeros(len(test)), ctypes.c_int64()
    call("LGBM_BoosterPredictForMat", booster, test.ctypes.data_as(ctypes.c_void_p), 0, test.shape[0], test.shape[1], 1, 0, 0, -1, b"", ctypes.byref(length), p.ctypes.data_as(ctypes.c_void_p))
    report(bins, fits, y_test, p, base + memory("VmHWM") - peak)


def xgboost():
    import xgboost as xgb
    x, y, test, y_test = load()
    base = reset_peak()
    growth = dict(tree_method="hist", grow_policy="lossguide", max_leaves=settings["leaves"], max_depth=0, eta=0.1, reg_lambda=0, max_bin=255,
                  min_child_weight=1e-3, objective="binary:logistic", nthread=threads, seed=settings["seed"])
    kinds = ["c"] * settings["categories"] + ["q"] * (settings["features"] - settings["categories"])

    def construct():
        return xgb.QuantileDMatrix(x, y, max_bin=255, nthread=threads, feature_types=kinds, enable_categorical=True)

    data, *bins = timed(construct)
    booster, *fits = timed(lambda: xgb.train(growth, data, settings["trees"]))
    peak = memory("VmHWM")
    p = booster.predict(xgb.DMatrix(test, feature_types=kinds, enable_categorical=True))
    report(bins, fits, y_test, p, base + memory("VmHWM") - peak)


def sklearn_trees(make):
    x, y, test, y_test = load()
    base = reset_peak()
    model = make()
    fits = timed(lambda: model.fit(x, y))[1:]
    peak = memory("VmHWM")
    p = model.predict_proba(test)[:, 1]
    report((0, 0), fits, y_test, p, base + memory("VmHWM") - peak)


def sklearn_hist():
    from sklearn.ensemble import HistGradientBoostingClassifier
    kinds = list(range(settings["categories"])) or None
    sklearn_trees(lambda: HistGradientBoostingClassifier(max_iter=settings["trees"], max_leaf_nodes=settings["leaves"], learning_rate=0.1, min_samples_leaf=settings["min_data"],
                                                         l2_regularization=0, early_stopping=False, categorical_features=kinds, random_state=settings["seed"]))


def random_forest():
    from sklearn.ensemble import RandomForestClassifier
    sklearn_trees(lambda: RandomForestClassifier(settings["trees"], n_jobs=threads, random_state=settings["seed"]))


def extra_trees():
    from sklearn.ensemble import ExtraTreesClassifier
    sklearn_trees(lambda: ExtraTreesClassifier(settings["trees"], n_jobs=threads, random_state=settings["seed"]))


def logistic():
    from sklearn.linear_model import LogisticRegression
    x, y, test, y_test = load()
    base = reset_peak()
    model = LogisticRegression(C=1, tol=1e-4, max_iter=10_000)
    fits = timed(lambda: model.fit(x.astype("f8"), y))[1:]
    report((0, 0), fits, y_test, model.predict_proba(test), base)


def network():
    import warnings
    from sklearn.neural_network import MLPClassifier
    warnings.simplefilter("ignore")
    x, y, test, y_test = load()
    base = reset_peak()
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    x, test = (x - mean) / spread, (test - mean) / spread

    def fit(epochs):
        model = MLPClassifier((128, 128), batch_size=settings["batch"], max_iter=epochs, random_state=settings["seed"], n_iter_no_change=epochs)
        return timed(lambda: model.fit(x, y))

    one, three = fit(1), fit(3)
    report((0, 0), [(three[i] - one[i]) / 2 for i in (1, 2)], y_test, three[0].predict_proba(test)[:, 1], base)


def torch_network():
    import torch
    torch.set_num_threads(threads)
    torch.manual_seed(settings["seed"])
    x, y, test, y_test = load()
    base = reset_peak()
    mean, spread = x.mean(axis=0), x.std(axis=0) + 1e-9
    x, test, target = torch.from_numpy((x - mean) / spread), torch.from_numpy((test - mean) / spread), torch.from_numpy(y)
    layers = torch.nn
    model = layers.Sequential(layers.Linear(x.shape[1], 128), layers.ReLU(), layers.Linear(128, 128), layers.ReLU(), layers.Linear(128, 1))
    optimizer, loss_of = torch.optim.AdamW(model.parameters(), 1e-3), layers.BCEWithLogitsLoss()

    def epoch():
        order = torch.randperm(len(x))
        for rows in order.split(settings["batch"]):
            optimizer.zero_grad(set_to_none=True)
            loss_of(model(x[rows]).squeeze(1), target[rows]).backward()
            optimizer.step()

    epoch()
    fits = [sum(times) / 2 for times in zip(timed(epoch)[1:], timed(epoch)[1:])]
    with torch.no_grad():
        p = torch.sigmoid(model(test)).squeeze(1).numpy()
    report((0, 0), fits, y_test, p, base)


def matrix_product():
    m, k, n = settings["size"]
    a, b = numpy.ones((m, k), "f4"), numpy.ones((k, n), "f4")
    a @ b
    calls = settings["calls"]
    _, wall, cpu = timed(lambda: [a @ b for _ in range(calls)])
    print(json.dumps({"construct_wall": 0, "construct_cpu": 0, "wall": wall / calls, "cpu": cpu / calls, "auc": 0, "log_loss": 0, "memory": 0}))


{"lightgbm": lightgbm, "xgboost": xgboost, "sklearn-hist": sklearn_hist, "sklearn-forest": random_forest, "sklearn-extra": extra_trees, "sklearn-mlp": network, "torch-mlp": torch_network,
 "sklearn-logistic": logistic, "numpy": matrix_product}[peer]()
