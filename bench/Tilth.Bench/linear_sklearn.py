"""Fits scikit-learn's sparse logistic regression on rows written by LinearBench; prints seconds, CPU seconds and objective.
Usage: linear_sklearn.py FOLDER C SOLVER ROUNDS"""
import sys, time
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

folder, c, solver, rounds = sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4])
read = lambda name, kind: np.fromfile(f"{folder}/{name}", dtype=kind)
indptr, indices, data, y = read("starts", np.int32), read("columns", np.int32), read("values", np.float32), read("y", np.float64)
X = sparse.csr_matrix((data.astype(np.float64), indices, indptr))
for _ in range(rounds):
    wall, cpu = time.perf_counter(), time.process_time()
    model = LogisticRegression(C=c, solver=solver, tol=1e-4, max_iter=1000, fit_intercept=False).fit(X, y)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    w = model.coef_[0]
    s = X @ w
    print(wall, cpu, c * (np.logaddexp(0, s) - y * s).sum() + 0.5 * (w @ w), flush=True)
