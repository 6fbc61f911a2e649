"""Makes rows.csv and prints the figures of PeerAccuracyTests: /usr/bin/python3 make_golden.py (xgboost 1.7.4, scikit-learn 1.2.1)."""
import numpy as np, xgboost as xgb
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import log_loss
r = np.random.default_rng(1)
x = np.round(r.normal(size=(3000, 5)), 2)
z = 2 * np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + (x[:, 3] > 0.5)
y = (r.uniform(size=3000) < 1 / (1 + np.exp(-1.5 * z))).astype(int)
np.savetxt('rows.csv', np.c_[y, x], fmt=['%d'] + ['%.2f'] * 5, delimiter=',')
b = xgb.XGBClassifier(n_estimators=100, learning_rate=0.1, max_leaves=31, max_depth=0, grow_policy='lossguide', tree_method='hist',
                      max_bin=255, reg_lambda=1, min_child_weight=5, n_jobs=1).fit(x[:2000], y[:2000])
print('xgboost', log_loss(y[2000:], b.predict_proba(x[2000:])))
print('forest', np.mean([np.mean((y[2000:] - RandomForestClassifier(100, random_state=s).fit(x[:2000], y[:2000]).predict_proba(x[2000:])[:, 1]) ** 2) for s in range(5)]))
