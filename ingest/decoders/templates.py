"""Templates in announcements: the part of Jinja that devices really use, and nothing else can happen. Pure.

A discovery message may carry ``{{ value_json.contact }}``, and is written by whoever reaches the broker. Jinja parses
it; what the syntax tree means is evaluated here, node by node, from a list of what is known. There is no attribute, no
call and no loop to escape through: the only names are ``value`` and ``value_json``, members are those of the JSON, and
each step is counted. What is not on the list is refused with a sentence, and never guessed at.

Source: Jinja's documentation; Home Assistant's "Templating" for what its own filters do with what is not defined.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import msgspec
from jinja2 import Environment, TemplateError, nodes

from ingest.decoders.template_filters import (
    FILTERS,
    FUNCTIONS,
    LARGEST_PAYLOAD,
    LONGEST_RESULT,
    METHODS,
    TESTS,
    UNDEFINED,
    TemplateRefused,
    bounded,
    calculated,
    member,
    said,
)

#: Longest template, characters: those of ordinary devices have some fifty.
LONGEST = 500
#: Deepest tree of a template.
_DEEPEST = 40
#: Steps of one evaluation, and of all that one message needs: a node is one, and so are _A_STEP characters of a text
#: that a node reads or makes. A step is a microsecond or so; templates of devices take some ten.
_STEPS, _STEPS_OF_MESSAGE, _A_STEP = 1000, 2000, 100


class Payload:
    """What templates are applied to: read once, however many ask, and the steps that are left for all of them."""

    def __init__(self, payload: bytes) -> None:
        self.steps = _STEPS_OF_MESSAGE
        self._payload = payload
        self._read: tuple[str, Any] | None = None

    def read(self) -> tuple[str, Any]:
        """Return the payload as text, and as JSON. Raises TemplateRefused for one that is too large."""
        if self._read is None:
            if len(self._payload) > LARGEST_PAYLOAD:
                raise TemplateRefused(f"a template is applied to at most {LARGEST_PAYLOAD} bytes")
            self._read = self._payload.decode("utf-8", "replace").strip(), _json(self._payload)
        return self._read


def render(template: str, payload: bytes | Payload) -> str | None:
    """Return the text that a template makes of a payload; None: of something that is not there.

    Raises TemplateRefused for what is not understood, and nothing else.
    """
    if isinstance(payload, bytes):
        payload = Payload(payload)
    body = _parsed(template)
    if isinstance(body, TemplateRefused):
        raise TemplateRefused(str(body))
    evaluation = _Evaluation(*payload.read(), min(_STEPS, payload.steps))
    try:
        return evaluation.text(body)
    except TemplateRefused:
        raise
    except (RecursionError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise TemplateRefused("the template cannot be worked out") from error
    finally:
        payload.steps -= evaluation.steps


@lru_cache(maxsize=2048)
def _parsed(template: str) -> "list[nodes.Node] | TemplateRefused":
    if len(template) > LONGEST:
        return TemplateRefused(f"a template has at most {LONGEST} characters")
    try:
        body = _environment.parse(template).body
    except (TemplateError, RecursionError, ValueError, OverflowError):
        return TemplateRefused("the template cannot be read")
    if _too_deep(body, _DEEPEST):
        return TemplateRefused("the template is too deep")
    return list(body)


def _too_deep(body: Sequence[nodes.Node], left: int) -> bool:
    return left == 0 or any(_too_deep(list(node.iter_child_nodes()), left - 1) for node in body)


_environment = Environment(autoescape=False, optimized=False)  # noqa: S701  # it only parses


def _json(payload: bytes) -> Any:
    try:
        return msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNDEFINED


class _Evaluation:
    """One evaluation, with the steps that it took and may take."""

    def __init__(self, value: str, value_json: Any, most: int) -> None:
        self._names = {"value": value, "value_json": value_json, "true": True, "false": False, "none": None}
        self._whole = len(value)
        self.steps, self._most = 0, most
        self._met_nothing = False

    def text(self, body: Sequence[nodes.Node]) -> str | None:
        """Return all that the nodes put out; None where only something undefined was put out."""
        found = "".join(self._output(node) for node in body).strip()
        found.encode()  # half a surrogate, from an escape in the template, is no text: ValueError
        if len(found) > LONGEST_RESULT:
            raise TemplateRefused(f"the result has more than {LONGEST_RESULT} characters")
        return None if self._met_nothing and not found else found

    def _output(self, node: nodes.Node) -> str:
        self._step()
        if isinstance(node, nodes.TemplateData):
            return str(node.data)
        if isinstance(node, nodes.Output):
            return "".join(self._output(each) for each in node.nodes)
        if isinstance(node, nodes.If):
            return self._if(node)
        if isinstance(node, nodes.Expr):
            told = self._value(node)
            self._met_nothing |= told is UNDEFINED
            return self._said(told)
        raise TemplateRefused(f"{_name(node)} is not supported")

    def _if(self, node: nodes.If) -> str:
        for branch in (node, *node.elif_):
            if self._value(branch.test):
                return "".join(self._output(each) for each in branch.body)
        return "".join(self._output(each) for each in node.else_)

    def _step(self, *texts: Any) -> None:
        """Count a step, and what it costs to go through these texts, lists and objects."""
        self.steps += 1
        for each in texts:
            if isinstance(each, str):
                self.steps += len(each) // _A_STEP
            elif isinstance(each, list | dict):  # of the payload or of its pieces: at most that long
                self.steps += self._whole // _A_STEP
        if self.steps > self._most:
            raise TemplateRefused("the template takes too long")

    def _said(self, value: Any) -> str:
        self._step(value)
        return said(value)

    def _value(self, node: nodes.Node) -> Any:
        self._step()
        evaluate = _NODES.get(type(node))
        if evaluate is None:
            raise TemplateRefused(f"{_name(node)} is not supported")
        return evaluate(self, node)

    def constant(self, node: nodes.Const) -> Any:
        """A number, text or truth that stands in the template."""
        return node.value

    def name(self, node: nodes.Name) -> Any:
        """One of the names that there are."""
        if node.name.lower() not in self._names:
            raise TemplateRefused(f"{node.name[:40]} is not known here")
        return self._names[node.name.lower()]

    def member(self, node: nodes.Getattr) -> Any:
        """``value_json.x``: a member of the JSON, and never an attribute of a Python object."""
        return member(self._value(node.node), node.attr)

    def item(self, node: nodes.Getitem) -> Any:
        """``value_json["x"]``, ``value_json.list[0]``, ``value[2:4]``."""
        of = self._value(node.node)
        if isinstance(node.arg, nodes.Slice):
            return self._slice(of, node.arg)
        return member(of, self._value(node.arg))

    def _slice(self, of: Any, node: nodes.Slice) -> Any:
        ends = [None if each is None else self._value(each) for each in (node.start, node.stop)]
        if node.step is not None or any(not isinstance(each, int | None) for each in ends):
            raise TemplateRefused("this slice is not supported")
        return of[ends[0] : ends[1]] if isinstance(of, str | list) else UNDEFINED

    def filter(self, node: nodes.Filter) -> Any:
        """A filter of those that are known."""
        if node.node is None or node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            return self._filter_with_words(node)
        return self._apply(node.name, self._value(node.node), [self._value(each) for each in node.args])

    def _filter_with_words(self, node: nodes.Filter) -> Any:
        """``default`` may be given by its name, as in ``float(default=0)``."""
        if node.node is None or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TemplateRefused(f"the filter {node.name[:40]} is not supported so")
        named = [self._value(each.value) for each in node.kwargs if each.key == "default"]
        if len(named) != len(node.kwargs):
            raise TemplateRefused(f"the filter {node.name[:40]} is not supported so")
        return self._apply(node.name, self._value(node.node), [*(self._value(each) for each in node.args), *named])

    def _apply(self, name: str, value: Any, arguments: list[Any]) -> Any:
        known = FILTERS.get(name)
        if known is None or len(arguments) > known[1]:
            raise TemplateRefused(f"the filter {name[:40]} is not supported")
        self._step(value, *arguments)
        try:
            return known[0](value, *arguments)
        except (TypeError, ValueError, OverflowError):
            return UNDEFINED

    def call(self, node: nodes.Call) -> Any:
        """``float(value)`` and ``value.split(",")``: the same filters, written as calls."""
        if node.kwargs or node.dyn_args is not None or node.dyn_kwargs is not None:
            raise TemplateRefused("this call is not supported")
        arguments = [self._value(each) for each in node.args]
        if isinstance(node.node, nodes.Getattr) and node.node.attr in METHODS:
            return self._apply(node.node.attr, self._value(node.node.node), arguments)
        if isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS and arguments:
            return self._apply(node.node.name, arguments[0], arguments[1:])
        raise TemplateRefused("this call is not supported")

    def test(self, node: nodes.Test) -> Any:
        """``is defined``, ``is none``, ..."""
        known = TESTS.get(node.name)
        if known is None or node.args:
            raise TemplateRefused(f"the test {node.name[:40]} is not supported")
        return known(self._value(node.node))

    def compare(self, node: nodes.Compare) -> Any:
        """Comparisons; values that cannot be compared are not."""
        left = self._value(node.expr)
        for operand in node.ops:
            right = self._value(operand.expr)
            self._step(left, right)
            try:
                if not _COMPARISONS[operand.op](left, right):
                    return False
            except (TypeError, KeyError):
                return False
            left = right
        return True

    def choose(self, node: nodes.CondExpr) -> Any:
        """``a if b else c``."""
        if self._value(node.test):
            return self._value(node.expr1)
        return UNDEFINED if node.expr2 is None else self._value(node.expr2)

    def both(self, node: nodes.And) -> Any:
        """``and``, as Python has it."""
        left = self._value(node.left)
        return self._value(node.right) if left else left

    def either(self, node: nodes.Or) -> Any:
        """``or``, as Python has it."""
        left = self._value(node.left)
        return left if left else self._value(node.right)

    def negated(self, node: nodes.Not) -> Any:
        """``not``."""
        return not self._value(node.node)

    def minus(self, node: nodes.Neg) -> Any:
        """A sign."""
        return calculated(lambda zero, right: zero - right, 0, self._value(node.node))

    def calculation(self, node: nodes.BinExpr) -> Any:
        """Arithmetic of numbers; a text that is added to a text goes behind it."""
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(node, nodes.Add) and isinstance(left, str) and isinstance(right, str):
            self._step(left, right)
            return bounded(left + right)
        return calculated(_ARITHMETIC[type(node)], left, right)

    def items(self, node: nodes.List | nodes.Tuple) -> Any:
        """``["ON", "on"]``."""
        return [self._value(each) for each in node.items]

    def mapping(self, node: nodes.Dict) -> Any:
        """``{"0": "off", "1": "on"}``."""
        pairs = [(self._value(pair.key), self._value(pair.value)) for pair in node.items]
        return {key: value for key, value in pairs if isinstance(key, str)}

    def joined(self, node: nodes.Concat) -> Any:
        """``a ~ b``."""
        told = ""
        for each in node.nodes:
            told = bounded(told + self._said(self._value(each)))
        return told


def _name(node: nodes.Node) -> str:
    return f"{{% {type(node).__name__.lower()} %}}"


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "lt": lambda left, right: left < right,
    "lteq": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "gteq": lambda left, right: left >= right,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}
_ARITHMETIC: dict[type[nodes.Node], Callable[[Any, Any], Any]] = {
    nodes.Add: lambda left, right: left + right,
    nodes.Sub: lambda left, right: left - right,
    nodes.Mul: lambda left, right: left * right,
    nodes.Div: lambda left, right: left / right,
    nodes.FloorDiv: lambda left, right: left // right,
    nodes.Mod: lambda left, right: left % right,
}
_NODES: dict[type[nodes.Node], Callable[[_Evaluation, Any], Any]] = {
    nodes.Const: _Evaluation.constant,
    nodes.Name: _Evaluation.name,
    nodes.Getattr: _Evaluation.member,
    nodes.Getitem: _Evaluation.item,
    nodes.Filter: _Evaluation.filter,
    nodes.Call: _Evaluation.call,
    nodes.Test: _Evaluation.test,
    nodes.Compare: _Evaluation.compare,
    nodes.CondExpr: _Evaluation.choose,
    nodes.And: _Evaluation.both,
    nodes.Or: _Evaluation.either,
    nodes.Not: _Evaluation.negated,
    nodes.Neg: _Evaluation.minus,
    nodes.Concat: _Evaluation.joined,
    nodes.List: _Evaluation.items,
    nodes.Tuple: _Evaluation.items,
    nodes.Dict: _Evaluation.mapping,
    **dict.fromkeys(_ARITHMETIC, _Evaluation.calculation),
}
