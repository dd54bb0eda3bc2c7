import json
import os
import tempfile
import unittest

import numpy as np
import torch
from torch.nn import functional as F

import make_vectors
from cwtrain import layers, safetensors, spec
from cwtrain.model import Network

VECTORS = os.path.join(os.path.dirname(__file__), "..", "..", "nn", "testdata")


class Networks(unittest.TestCase):
    def test_shapes_follow_the_spec(self) -> None:
        for name, net_spec in spec.hyperprior_s8().items():
            net = Network(net_spec, 8)
            tensors = net.tensors()
            for layer in spec.walk(net_spec):
                if layer["op"] != "conv":
                    continue
                groups = layer.get("groups", 1)
                want = (layer["out"], layer["in"] // groups, layer["kernel"], layer["kernel"])
                self.assertEqual(tuple(tensors[layer["name"] + ".weight"].shape), want, name)

    def test_sizes(self) -> None:
        nets = {name: Network(s, 8) for name, s in spec.hyperprior_s8().items()}
        level = torch.tensor([3.5])
        y = nets["analysis"](torch.zeros(1, 3, 64, 128), level)
        self.assertEqual(tuple(y.shape), (1, 128, 4, 8))
        z = nets["hyper_analysis"](y, level)
        self.assertEqual(tuple(z.shape), (1, 32, 1, 2))
        self.assertEqual(tuple(nets["hyper_synthesis"](z, level).shape), (1, 256, 4, 8))
        self.assertEqual(tuple(nets["synthesis"](y, level).shape), (1, 3, 64, 128))

    def test_unshuffle_order(self) -> None:
        x = torch.arange(2 * 4 * 6).float().view(1, 2, 4, 6)
        y = Network([spec.unshuffle(2)])(x)
        for c, dy, dx in np.ndindex(2, 2, 2):
            self.assertTrue(torch.equal(y[0, c * 4 + dy * 2 + dx], x[0, c, dy::2, dx::2]))
        self.assertTrue(torch.equal(Network([spec.shuffle(2)])(y), x))

    def test_modulation_is_geometric(self) -> None:
        op = layers.Modulate({"channels": 2, "name": "m"}, 3)
        op.name = "m"
        op.load({"m.scale": torch.tensor([[1.0, 2.0], [4.0, 2.0], [1.0, 8.0]])})
        y = op(torch.ones(4, 2, 1, 1), torch.tensor([0.5, 1.0, 2.0, 9.0]))[:, :, 0, 0]
        want = torch.tensor([[2.0, 2.0], [4.0, 2.0], [1.0, 8.0], [1.0, 8.0]])
        self.assertTrue(torch.allclose(y, want))

    def test_separable_upsampling_of_ramps(self) -> None:
        ramp = torch.arange(12.0).view(1, 1, 1, 12).expand(1, 1, 5, 12).contiguous()
        net = Network([spec.upsample("separable", "u")])
        with torch.no_grad():
            y = net(ramp)[0, 0, 4, 8:-8]
        bilinear = F.interpolate(ramp, scale_factor=2, mode="bilinear", align_corners=False)[0, 0, 4, 8:-8]
        self.assertTrue(torch.allclose(y, bilinear, atol=1e-5))

    def test_attention_without_edges_matches_plain_softmax(self) -> None:
        torch.manual_seed(0)
        op = layers.WindowAttention(spec.attention("a", 4, 1, 3))
        x = torch.randn(1, 4, 3, 3)
        t = x.flatten(2).transpose(1, 2)
        q, k, v = op.qkv(t).chunk(3, -1)
        bias = op.position[op.index][..., 0]
        want = op.proj(((q @ k.transpose(1, 2)) / 2 + bias).softmax(-1) @ v).transpose(1, 2).view(1, 4, 3, 3)
        self.assertTrue(torch.allclose(op(x, None), want, atol=1e-6))

    def test_attention_ignores_what_lies_outside(self) -> None:
        """A shifted window at the corner holds one position, which then attends to itself alone."""
        torch.manual_seed(0)
        op = layers.WindowAttention(spec.attention("a", 4, 2, 4, 3))
        x = torch.randn(1, 4, 5, 5)
        v = op.qkv(x[:, :, 0, 0])[:, 8:]
        self.assertTrue(torch.allclose(op(x, None)[:, :, 0, 0], op.proj(v), atol=1e-6))

    def test_committed_vectors(self) -> None:
        """What torch computes today equals the files that the Go tests read."""
        weights, metadata = safetensors.read(os.path.join(VECTORS, "ops.safetensors"))
        vectors, _ = safetensors.read(os.path.join(VECTORS, "ops-vectors.safetensors"))
        levels = json.loads(metadata["levels"])
        named = {k: torch.from_numpy(v) for k, v in weights.items()}
        for name, net_spec in json.loads(metadata["networks"]).items():
            net = Network(net_spec, make_vectors.LEVELS)
            net.load(named)
            for case in [k[:-3] for k in vectors if k.startswith(name + "/") and k.endswith("/in")]:
                x = torch.from_numpy(vectors[case + "/in"]).permute(2, 0, 1)[None].contiguous()
                with torch.no_grad():
                    y = net(x, torch.tensor([levels.get(case, 0.0)]))[0].permute(1, 2, 0).numpy()
                want = vectors[case + "/out"]
                self.assertLess(np.abs(y - want).max(), 1e-5 * max(np.abs(want).max(), 1), case)

    def test_tensors_load_back(self) -> None:
        for name, net_spec in make_vectors.networks().items():
            net, twin = Network(net_spec, 2), Network(net_spec, 2)
            make_vectors.randomize(net, torch.Generator().manual_seed(3))
            twin.load({k: v.detach() for k, v in net.tensors().items()})
            for key, t in twin.tensors().items():
                self.assertTrue(torch.allclose(t, net.tensors()[key], atol=1e-6), f"{name} {key}")


class Files(unittest.TestCase):
    def test_round_trip(self) -> None:
        tensors = {"b": np.arange(6, dtype=np.float16).reshape(2, 3), "a": np.array([1, -2], np.int32), "scalar": np.array(3.0, np.float32)}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "m.safetensors")
            safetensors.write(path, tensors, {"k": "ü"})
            got, metadata = safetensors.read(path)
            self.assertEqual(os.listdir(folder), ["m.safetensors"])
        self.assertEqual(metadata, {"k": "ü"})
        for name, t in tensors.items():
            self.assertEqual(got[name].dtype, t.dtype)
            self.assertTrue(np.array_equal(got[name], t))

    def test_large_files_are_refused(self) -> None:
        with self.assertRaises(ValueError):
            safetensors.write("unused", {"a": np.zeros(5 << 20, np.float32)}, {})


if __name__ == "__main__":
    unittest.main()
