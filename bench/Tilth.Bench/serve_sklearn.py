# Python's threading HTTP server with scikit-learn, for ServeBench: TREES LEAVES FEATURES. Prints its port.
import json, os, sys
os.environ["OMP_NUM_THREADS"] = "1"  # threads of OpenMP beside those of the server only slow it down
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

trees, leaves, features = map(int, sys.argv[1:])
random = np.random.default_rng(5)
x = random.normal(size=(6000, features))
y = (x[:, 0] + x[:, 1] * x[:, 2] + random.normal(size=6000) > 0).astype(int)
model = HistGradientBoostingClassifier(max_iter=trees, max_leaf_nodes=leaves, early_stopping=False).fit(x, y)
names = [f"x{f}" for f in range(features)]

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        row = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        p = model.predict_proba(np.array([[row[name] for name in names]]))[0]
        body = json.dumps({"prediction": "yes" if p[1] > 0.5 else "no", "probabilities": {"no": p[0], "yes": p[1]}}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass

server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
