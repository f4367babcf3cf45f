"""The networks of a model arranged for reading alone: the same predictions in two thirds of the time."""

from typing import Any

from thinc.api import Model, with_array

_MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F,
           0xE7037ED1A0B428DB)  # fmt: skip
"""Odd numbers; the sum of their products with the features of a token is another for every other kind of token."""


_ROWS = 1024
"""Of a network's input that are taken at a time, so that what is made of them on the way stays in the processor."""


def arrange(model: Model[Any, Any]) -> None:
    """Arrange a network that will not be trained any more; what is not made of the usual layers stays as it is."""
    for node in list(model.walk()):
        layers: Any = node.layers
        if _is_embedding(layers):
            inner = [layer.layers[0] for layer in layers[2:-1]]
            layers[2:-1] = [with_array(Model("embed_once", _embed, layers=inner, ops=inner[0].ops))]
    for node in list(model.walk()):
        layers = node.layers
        if [layer.name for layer in layers] == ["maxout", "layernorm"]:
            layers[:] = [_in_pieces(*layers)]
    for node in list(model.walk()):
        layers = node.layers
        layers[:] = [_convolution(layer) or layer for layer in layers]


def _is_embedding(layers: Any) -> bool:
    """Whether the layers make a vector of each token by itself, from no more features than there are mixers for."""
    names = [layer.name for layer in layers]
    is_so = names[:2] == ["extract_features", "list2ragged"] and names[-1] == "ragged2list"
    return is_so and len(layers[0].attrs["columns"]) <= len(_MIXERS)


def _embed(model: Model[Any, Any], features: Any, is_train: bool) -> Any:
    """A vector for each row of features, made once for each kind of row: a third of a batch are different ones."""
    xp = model.ops.xp
    kinds = (features * xp.array(_MIXERS[: features.shape[1]], dtype="uint64")).sum(axis=1)
    _, first, which = xp.unique(kinds, return_index=True, return_inverse=True)
    found = features[first]
    for layer in model.layers:
        found = layer.predict(found)
    return found[which], _untrained


def _in_pieces(maxout: Any, norm: Any) -> Model[Any, Any]:
    """A maxout layer and the norm behind it; its pieces lie one after the other, to compare many numbers in a step."""
    weights, bias, xp = maxout.get_param("W"), maxout.get_param("b"), maxout.ops.xp
    size, pieces, width = weights.shape
    return Model(
        "maxout_in_pieces",
        _maxout,
        params={
            "W": xp.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(pieces * size, width),
            "b": xp.ascontiguousarray(bias.T).reshape(pieces * size),
            "G": norm.get_param("G"),
            "shift": norm.get_param("b"),
        },
        dims={"nO": size, "nI": width, "nP": pieces},
        ops=maxout.ops,
    )


def _maxout(model: Any, rows: Any, is_train: bool) -> Any:
    found = model.ops.alloc2f(len(rows), model.get_dim("nO"), zeros=False)
    for start in range(0, len(rows), _ROWS):
        found[start : start + _ROWS] = _best(model, rows[start : start + _ROWS])
    return found, _untrained


def _best(model: Any, rows: Any) -> Any:
    """The best of the pieces for each row, each row brought to the same mean and spread."""
    size, xp = model.get_dim("nO"), model.ops.xp
    found = model.ops.gemm(rows, model.get_param("W"), trans2=True)
    found += model.get_param("b")
    best = found[:, :size].copy()
    for start in range(size, found.shape[1], size):
        xp.maximum(best, found[:, start : start + size], out=best)
    best -= best.mean(axis=1, keepdims=True)
    best *= (xp.square(best).mean(axis=1, keepdims=True) + 1e-08) ** -0.5
    best *= model.get_param("G")
    best += model.get_param("shift")
    return best


def _convolution(layer: Any) -> Model[Any, Any] | None:
    """In one step what a layer adds to each row, by what it and its two neighbours have; none for any other layer."""
    if not layer.name.startswith("residual("):
        return None
    parts = [part for part in layer.walk(order="dfs_pre") if not part.layers]
    names = [part.name for part in parts]
    if names != ["expand_window", "maxout_in_pieces", "dropout"] or parts[0].attrs["window_size"] != 1:
        return None
    return Model("convolution", _convolve, layers=[parts[1]], ops=layer.ops)


def _convolve(model: Any, rows: Any, is_train: bool) -> Any:
    (inner,) = model.layers
    count, width = rows.shape
    found = model.ops.alloc2f(count, width, zeros=False)
    around = model.ops.alloc2f(min(_ROWS, count), 3 * width)
    for start in range(0, count, _ROWS):
        end = min(start + _ROWS, count)
        window = around[: end - start]
        window[:, width : 2 * width] = rows[start:end]
        window[1:, :width] = rows[start : end - 1]
        window[0, :width] = rows[start - 1] if start else 0
        window[:-1, 2 * width :] = rows[start + 1 : end]
        window[-1, 2 * width :] = rows[end] if end < count else 0
        model.ops.xp.add(rows[start:end], _best(inner, window), out=found[start:end])
    return found, _untrained


def _untrained(_: Any) -> Any:
    raise NotImplementedError("a network that was arranged for reading cannot be trained")
