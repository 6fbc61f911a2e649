"""Makes golden.json: scikit-learn's metrics on small seeded rows.   /usr/bin/python3 make_golden.py > golden.json   (scikit-learn 1.2.1)"""
import json, warnings
import numpy as np
from sklearn import metrics as m
warnings.filterwarnings("ignore")

def binary(rng, n, w, threshold):
    y = (rng.random(n) < 0.35).astype(int)
    p = np.round(np.clip(0.35 + 0.3 * (y - 0.35) + 0.25 * rng.standard_normal(n), 0, 1), 2)  # ties, exact 0 and 1
    d = (p >= threshold).astype(int)
    bins = np.minimum((p * 10).astype(int), 9)
    ww = np.ones(n) if w is None else w
    ece = sum(abs((ww * p)[bins == b].sum() - (ww * y)[bins == b].sum()) for b in range(10)) / ww.sum()
    k = dict(sample_weight=w)
    s = dict(auc=m.roc_auc_score(y, p, **k), average_precision=m.average_precision_score(y, p, **k), log_loss=m.log_loss(y, p, **k),
             brier=m.brier_score_loss(y, p, **k), ece=ece, accuracy=m.accuracy_score(y, d, **k),
             balanced_accuracy=m.balanced_accuracy_score(y, d, **k), precision=m.precision_score(y, d, **k), recall=m.recall_score(y, d, **k),
             specificity=m.recall_score(y, d, pos_label=0, **k), f1=m.f1_score(y, d, **k), mcc=m.matthews_corrcoef(y, d, **k))
    return y, p, s

def multi(rng, n, w):
    y = rng.choice(4, n, p=[0.5, 0.3, 0.15, 0.05]); y[:4] = range(4)
    p = rng.random((n, 4)) + 0.8 * np.eye(4)[y]; p[:5, 0] = 0; p /= p.sum(1, keepdims=True)
    d = p.argmax(1); k = dict(sample_weight=w); ww = np.ones(n) if w is None else w
    c = p.max(1); bins = np.minimum((c * 10).astype(int), 9); hit = (d == y)
    s = dict(auc_ovr=m.roc_auc_score(y, p, multi_class="ovr", **k), log_loss=m.log_loss(y, p, **k),
             brier=float(np.average(((p - np.eye(4)[y]) ** 2).sum(1), weights=ww)),
             ece=sum(abs((ww * c)[bins == b].sum() - (ww * hit)[bins == b].sum()) for b in range(10)) / ww.sum(),
             accuracy=m.accuracy_score(y, d, **k), balanced_accuracy=m.balanced_accuracy_score(y, d, **k),
             f1_macro=m.f1_score(y, d, average="macro", **k), f1_micro=m.f1_score(y, d, average="micro", **k),
             f1_weighted=m.f1_score(y, d, average="weighted", **k), mcc=m.matthews_corrcoef(y, d, **k),
             top_2_accuracy=m.top_k_accuracy_score(y, p, k=2, **k))
    return y, p, s

def regression(rng, n, w):
    y = rng.poisson(3, n).astype(float); y[0] = 0
    p = np.abs(y + rng.standard_normal(n)) + 0.1; k = dict(sample_weight=w); ww = np.ones(n) if w is None else w
    e = p - y
    s = dict(rmse=m.mean_squared_error(y, p, squared=False, **k), mae=m.mean_absolute_error(y, p, **k),
             median_absolute_error=m.median_absolute_error(y, p, **k), mape=m.mean_absolute_percentage_error(y, p, **k),
             smape=float(np.average(2 * abs(e) / (abs(y) + abs(p)), weights=ww)), r2=m.r2_score(y, p, **k), pinball=m.mean_pinball_loss(y, p, **k),
             poisson_deviance=m.mean_poisson_deviance(y, p, **k), bias=float(np.average(e, weights=ww)))
    return y, p, s

cases = []
for seed in range(4):
    rng = np.random.default_rng(seed)
    n = [60, 201, 200, 501][seed]
    for task, make in (("Binary", binary), ("Multiclass", multi), ("Regression", regression)):
        w = None if seed % 2 == 0 else np.round(rng.random(n) * 3, 3)
        t = 0.3 if seed == 2 else 0.5
        y, p, s = make(rng, n, w, t) if task == "Binary" else make(rng, n, w)
        cases.append(dict(task=task, threshold=t, y=[float(v) for v in y], p=[float(v) for v in np.asarray(p).ravel()],
                          w=None if w is None else [float(v) for v in w], scores={k: float(v) for k, v in s.items()}))
print(json.dumps(cases))
