"""Makes linear.json: coefficients of scikit-learn 1.2.1 at tight tolerances, and least-squares and GLM inference by numpy
and scipy 1.10.1 from the textbook formulas. Command: /usr/bin/python3 make.py > linear.json"""
import json, sys, warnings
import numpy as np
from scipy import sparse, stats
from sklearn import linear_model as lm

warnings.simplefilter("default")
rng = np.random.default_rng(11)
out = {"sets": {}, "cases": [], "tables": []}


def add_set(name, X, targets, w):
    X = np.asarray(X, dtype=np.float32)
    i, j = np.nonzero(X)
    out["sets"][name] = dict(rows=X.shape[0], columns=X.shape[1], i=i.tolist(), j=j.tolist(), v=[float(v) for v in X[i, j]],
                             weights=w.tolist(), targets={k: v.tolist() for k, v in targets.items()})
    return X.astype(float), targets, w


def targets_of(z, n):
    return dict(number=z + 0.3 * rng.standard_normal(n),
                count=rng.poisson(np.exp(np.clip(z / 2, -3, 3))).astype(float),
                amount=rng.gamma(2.0, np.exp(np.clip(z / 2, -3, 3))),
                yes=(z + rng.logistic(size=n) > 0).astype(float),
                three=np.digitize(z + rng.logistic(size=n), [-1, 1]).astype(float))


n = 150
X = rng.standard_normal((n, 5)) * [1, 2, 0.5, 1, 3] + [0, 1, 0, 5, 0]
X[:, 3] = np.round(X[:, 3])
small = add_set("small", X, targets_of(X[:, 0] - 0.7 * X[:, 1] + 0.5 * X[:, 2] + 0.6, n), np.round(rng.uniform(0.2, 3, n), 3))
n, p = 140, 1100
W = (rng.random((n, p)) < 0.02) * np.round(rng.uniform(0.5, 2, (n, p)), 2)
beta = rng.standard_normal(p) * (rng.random(p) < 0.3)
z = W @ beta
wide = add_set("wide", W, targets_of((z - z.mean()) / z.std() * 2, n), np.round(rng.uniform(0.2, 3, n), 3))


def case(set_name, data, learner, target, model, parameters, weighted):
    X, targets, w = data
    y = targets[target]
    saga = getattr(model, "solver", "") == "saga"
    model.fit(sparse.csr_matrix(X) if saga and set_name == "wide" else X, y, sample_weight=w if weighted else None)
    print(set_name, learner, target, parameters, file=sys.stderr, flush=True)
    out["cases"].append(dict(set=set_name, learner=learner, target=target, parameters=parameters, weighted=weighted,
                             coef=np.atleast_2d(model.coef_).tolist(), intercept=np.atleast_1d(model.intercept_).tolist()))


def logistic(**k):
    return lm.LogisticRegression(**{**dict(tol=1e-11 if k["solver"] == "saga" else 1e-8, max_iter=100000), **k})


for weighted in (False, True):
    s = lambda *a: case("small", small, *a, weighted)
    s("linear_regression", "number", lm.LinearRegression(), {})
    s("linear_regression", "number", lm.LinearRegression(fit_intercept=False), dict(fit_intercept=False))
    s("ridge", "number", lm.Ridge(alpha=3), dict(alpha=3))
    s("lasso", "number", lm.Lasso(alpha=0.1, tol=1e-12, max_iter=100000), dict(alpha=0.1))
    s("elastic_net", "number", lm.ElasticNet(alpha=0.2, l1_ratio=0.3, tol=1e-12, max_iter=100000), dict(alpha=0.2, l1_ratio=0.3))
    s("logistic_regression", "yes", logistic(solver="newton-cg", C=0.5), dict(c=0.5))
    s("logistic_regression", "yes", logistic(solver="newton-cg", penalty=None), dict(penalty="none"))
    s("logistic_regression", "yes", logistic(solver="saga", penalty="l1", C=0.2), dict(penalty="l1", c=0.2))
    s("logistic_regression", "yes", logistic(solver="saga", penalty="elasticnet", l1_ratio=0.6, C=0.2), dict(penalty="elasticnet", c=0.2, l1_ratio=0.6))
    s("logistic_regression", "three", logistic(solver="newton-cg", C=0.5), dict(c=0.5))
    s("logistic_regression", "three", logistic(solver="saga", penalty="l1", C=0.1), dict(penalty="l1", c=0.1))
    s("poisson_regression", "count", lm.PoissonRegressor(alpha=0.05, tol=1e-11, max_iter=100000), dict(alpha=0.05))
    s("poisson_regression", "count", lm.PoissonRegressor(alpha=0, tol=1e-9, max_iter=100000), dict(alpha=0))
    s("gamma_regression", "amount", lm.GammaRegressor(alpha=0.05, tol=1e-11, max_iter=100000), dict(alpha=0.05))
    s("quantile_regression", "number", lm.QuantileRegressor(alpha=0, quantile=0.3, solver="highs"), dict(quantile=0.3, alpha=0))
    s("quantile_regression", "number", lm.QuantileRegressor(alpha=0.05, quantile=0.8, solver="highs"), dict(quantile=0.8, alpha=0.05))
    s = lambda *a: case("wide", wide, *a, weighted)
    s("ridge", "number", lm.Ridge(alpha=0.5, solver="cholesky"), dict(alpha=0.5))
    s("lasso", "number", lm.Lasso(alpha=0.01, tol=1e-12, max_iter=1000000), dict(alpha=0.01))
    s("logistic_regression", "yes", logistic(solver="newton-cg", C=2), dict(c=2))
    s("logistic_regression", "yes", logistic(solver="saga", penalty="l1", C=2), dict(penalty="l1", c=2))
    s("logistic_regression", "three", logistic(solver="newton-cg", C=2), dict(c=2))
    s("logistic_regression", "three", logistic(solver="saga", penalty="l1", C=1), dict(penalty="l1", c=1))
    s("poisson_regression", "count", lm.PoissonRegressor(alpha=1, tol=1e-11, max_iter=100000), dict(alpha=1))


def table(learner, target, family):
    """Standard errors, statistics, p-values and 95 % intervals from the information matrix at the maximum."""
    X, targets, _ = small
    y, n, p = targets[target], X.shape[0], X.shape[1] + 1
    A = np.column_stack([X, np.ones(n)])
    b = np.zeros(p)
    b[-1] = {"normal": y.mean(), "binomial": 0, "poisson": np.log(abs(y.mean())), "gamma": np.log(abs(y.mean()))}[family]
    for _ in range(60):
        eta = A @ b
        if family == "normal": g, h = eta - y, np.ones(n)
        elif family == "binomial": mu = 1 / (1 + np.exp(-eta)); g, h = mu - y, mu * (1 - mu)
        elif family == "poisson": mu = np.exp(eta); g, h = mu - y, mu
        else: mu = np.exp(eta); g, h = 1 - y / mu, np.ones(n)
        b = b - np.linalg.solve(A.T @ (A * h[:, None]), A.T @ g)
    eta = A @ b
    mu = np.exp(eta)
    phi = {"normal": ((y - eta) ** 2).sum() / (n - p), "gamma": (((y - mu) / mu) ** 2).sum() / (n - p)}.get(family, 1.0)
    se = np.sqrt(phi * np.diag(np.linalg.inv(A.T @ (A * h[:, None]))))
    dist = stats.t(n - p) if family in ("normal", "gamma") else stats.norm()
    q = dist.ppf(0.975)
    out["tables"].append(dict(learner=learner, target=target, coef=b.tolist(), se=se.tolist(), statistic=(b / se).tolist(),
                              p=(2 * dist.sf(np.abs(b / se))).tolist(), low=(b - q * se).tolist(), high=(b + q * se).tolist()))


table("linear_regression", "number", "normal")
table("logistic_regression", "yes", "binomial")
table("poisson_regression", "count", "poisson")
table("gamma_regression", "amount", "gamma")
json.dump(out, sys.stdout)
