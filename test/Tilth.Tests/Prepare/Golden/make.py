# Makes preparation.json with Debian's scikit-learn 1.2.1: /usr/bin/python3 test/Tilth.Tests/Prepare/Golden/make.py
import json, os
import numpy as np
from scipy.stats import yeojohnson
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.preprocessing import OneHotEncoder, RobustScaler, StandardScaler

rng = np.random.default_rng(7)
words = ["red", "Green", "blue-ish", "don't", "über", "straße", "naïve", "42", "x", "of", "the", "日本語", "e-mail", "A.B", "__init__"]
texts = [" ".join(rng.choice(words, size=rng.integers(0, 9))) + str(rng.choice(["", "!", "  ", "...", "\t?"])) for _ in range(60)]
numbers = np.round(rng.normal(size=60) * 12.5 + 3, 3)
categories = [str(c) for c in rng.choice(list("abcd"), size=60)]
two = [str(c) for c in rng.choice(["n", "y"], size=60)]
target = (rng.random(60) < 0.4).astype(int)

def sparse(vectorizer):
    matrix = vectorizer.fit_transform(texts).tocsr()
    names = vectorizer.get_feature_names_out()
    rows = [sorted((names[j], float(v)) for j, v in zip(matrix[i].indices, matrix[i].data)) for i in range(len(texts))]
    return rows, matrix

def tfidf(**options):
    return TfidfVectorizer(min_df=2, sublinear_tf=True, **options)

word_rows, word_matrix = sparse(tfidf(ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b"))
char_rows, _ = sparse(tfidf(ngram_range=(3, 5), analyzer="char_wb"))
encoder = OneHotEncoder(sparse_output=False, drop="if_binary")
hot = encoder.fit_transform(np.array([categories, two]).T)
# The same objective as ours: bias as a regularised feature that is always 1, cost 2.
with_bias = np.hstack([word_matrix.toarray(), np.ones((60, 1))])
logistic = LogisticRegression(C=2, fit_intercept=False, solver="newton-cg", tol=1e-12, max_iter=10000).fit(with_bias, target)
z = (numbers - numbers.mean()) / numbers.std()
ridge = Ridge(alpha=1 / 2, fit_intercept=False, tol=1e-12, solver="cholesky").fit(with_bias, z)

json.dump({
    "command": "/usr/bin/python3 test/Tilth.Tests/Prepare/Golden/make.py",
    "texts": texts, "numbers": numbers.tolist(), "categories": categories, "two": two, "target": target.tolist(),
    "standard": StandardScaler().fit_transform(numbers[:, None])[:, 0].tolist(),
    "robust": RobustScaler().fit_transform(numbers[:, None])[:, 0].tolist(),
    "yeojohnson": {str(p): yeojohnson(numbers / 10, p).tolist() for p in (-1.0, 0.0, 0.5, 1.0, 2.0, 3.0)},
    "one_hot_names": encoder.get_feature_names_out(["categories", "two"]).tolist(), "one_hot": hot.tolist(),
    "words": word_rows, "characters": char_rows,
    "logistic": (with_bias @ logistic.coef_[0]).tolist(),
    "ridge": (with_bias @ ridge.coef_ * numbers.std() + numbers.mean()).tolist(),
}, open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "preparation.json"), "w"), indent=0, ensure_ascii=True)
