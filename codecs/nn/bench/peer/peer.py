"""Runs the same networks in PyTorch and ONNX Runtime, on request.

First line out: JSON with the networks' descriptions and input sizes, and the peers. Then,
for each line in, "NETWORK/PEER RUNS", a line with the seconds of the fastest run.
The arguments are the folder of package cwtrain and "wall" or "processor", the time to
measure; OMP_NUM_THREADS says how many threads.
"""

import io
import json
import os
import sys
import time
import warnings

sys.path.insert(0, sys.argv[1])
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import torch  # noqa: E402
from cwtrain import spec  # noqa: E402
from cwtrain.model import Network  # noqa: E402

CLOCK = time.process_time if sys.argv[2] == "processor" else time.perf_counter
THREADS = int(os.environ["OMP_NUM_THREADS"])
LEVELS = 8


def conv5(n: int, m: int) -> dict:
    """The transforms of Balle et al., ICLR 2018."""
    down, up = [], []
    for i, (cin, cout) in enumerate([(3, n), (n, n), (n, n), (n, m)]):
        down.append(spec.conv(f"a{i}", cin, cout, 5, 2))
        up.append(spec.deconv(f"s{i}", [m, n, n, n][i], [n, n, n, 3][i], 5, 2))
        if i < 3:
            down.append(spec.gdn(f"an{i}", n))
            up.append(spec.gdn(f"sn{i}", n, inverse=True))
    return {"analysis": down, "synthesis": up}


def networks() -> dict:
    s8, c5 = spec.hyperprior_s8(96, 128), conv5(128, 192)
    return {
        "S8-96/128 analysis": (s8["analysis"], (512, 768, 3)),
        "S8-96/128 synthesis": (s8["synthesis"], (32, 48, 128)),
        "conv5-GDN-128/192 analysis": (c5["analysis"], (512, 768, 3)),
        "conv5-GDN-128/192 synthesis": (c5["synthesis"], (32, 48, 192)),
    }


def onnx_session(net, x, level):
    import onnxruntime

    class Fixed(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, x):
            return self.net(x, level)

    file = io.BytesIO()
    torch.onnx.export(Fixed().eval(), (x,), file, opset_version=17, input_names=["x"], dynamo=False)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    return onnxruntime.InferenceSession(file.getvalue(), options, providers=["CPUExecutionProvider"])


def jobs(specs: dict) -> tuple:
    """Functions that run each network once, by NETWORK/PEER, and the peers' versions."""
    runs, peers, missing = {}, {"torch": torch.__version__, "torch NHWC": torch.__version__}, ""
    for name, (layers, (h, w, c)) in specs.items():
        net = Network(layers, LEVELS).eval()
        x, level = torch.rand(1, c, h, w) - 0.5, torch.tensor([2.5])
        last = x.contiguous(memory_format=torch.channels_last)
        net_last = Network(layers, LEVELS).eval().to(memory_format=torch.channels_last)
        runs[name + "/torch"] = lambda net=net, x=x, level=level: net(x, level)
        runs[name + "/torch NHWC"] = lambda net=net_last, x=last, level=level: net(x, level)
        try:
            session = onnx_session(net, x, level)
        except ImportError as e:
            missing = str(e)
            continue
        import onnxruntime

        peers["ONNX Runtime"] = onnxruntime.__version__
        feed = {"x": x.numpy().astype(np.float32)}
        runs[name + "/ONNX Runtime"] = lambda session=session, feed=feed: session.run(None, feed)
    return runs, peers, missing


def main() -> None:
    torch.set_num_threads(THREADS)
    specs = networks()
    with torch.inference_mode(False), torch.no_grad():
        runs, peers, missing = jobs(specs)
    listed = {name: {"layers": layers, "size": size} for name, (layers, size) in specs.items()}
    print(json.dumps({"networks": listed, "peers": peers, "missing": missing}), flush=True)
    for line in sys.stdin:
        name, count = line.rstrip("\n").rsplit(" ", 1)
        best = float("inf")
        with torch.inference_mode():
            for _ in range(int(count)):
                start = CLOCK()
                runs[name]()
                best = min(best, CLOCK() - start)
        print(best, flush=True)


main()
