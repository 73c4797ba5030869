"""Arithmetic in mapping files: formulas over the signals of one message.

The grammar is that of `py-expression-eval`, which kuksa-can-provider's mappings are written for: `^` is a power,
`%` a remainder. A formula is parsed here and becomes a Python expression made of this module's own words, so that
nothing a file says is ever run.
"""

import math
import re
from collections.abc import Callable
from typing import Any

import msgspec

_TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>\*\*|[<>=!]=|[-+*/%^(),<>]))",
    re.ASCII,  # names are C identifiers, as in the DBC
)
_DEPTH_MAX = 40  # far beyond what a person writes, far below Python's own limit

_BINARY = {  # sign → how tightly it binds, its Python
    "or": (1, "({} or {})"),
    "and": (2, "({} and {})"),
    "==": (3, "({} == {})"),
    "!=": (3, "({} != {})"),
    "<": (3, "({} < {})"),
    ">": (3, "({} > {})"),
    "<=": (3, "({} <= {})"),
    ">=": (3, "({} >= {})"),
    "+": (4, "({} + {})"),
    "-": (4, "({} - {})"),
    "*": (5, "({} * {})"),
    "/": (5, "({} / {})"),
    "%": (5, "fmod({}, {})"),
    "^": (7, "power({}, {})"),
    "**": (7, "power({}, {})"),
}
_UNARY = 6
_CONSTANTS = {"PI": math.pi, "E": math.e, "true": True, "false": False}


def _round(value: float, digits: int = 0) -> float:
    """Half away from zero, as people expect of a formula (Python's own rounds half to even)."""
    factor = 10 ** min(max(int(digits), 0), 15)
    whole = math.floor(abs(value) * factor + 0.5) / factor
    return math.copysign(whole, value)


def _if(condition: float, then: float, otherwise: float) -> float:
    return then if condition else otherwise


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {  # name → least and most arguments, what it does
    "abs": (1, 1, abs),
    "ceil": (1, 1, math.ceil),
    "floor": (1, 1, math.floor),
    "round": (1, 2, _round),
    "trunc": (1, 1, math.trunc),
    "sqrt": (1, 1, math.sqrt),
    "exp": (1, 1, math.exp),
    "log": (1, 2, math.log),
    "sin": (1, 1, math.sin),
    "cos": (1, 1, math.cos),
    "tan": (1, 1, math.tan),
    "asin": (1, 1, math.asin),
    "acos": (1, 1, math.acos),
    "atan": (1, 1, math.atan),
    "atan2": (2, 2, math.atan2),
    "pow": (2, 2, math.pow),
    "hypot": (1, 8, math.hypot),
    "min": (1, 8, lambda *a: min(a)),
    "max": (1, 8, lambda *a: max(a)),
    "if": (3, 3, _if),
}

# What a formula may raise when it runs; the value is then unknown. OverflowError and ZeroDivisionError are these.
FAILURES = (ArithmeticError, ValueError, TypeError)


class BadFormula(ValueError):
    """A formula that cannot be read; the text says why."""


class Formula(msgspec.Struct, frozen=True):
    """An arithmetic expression over named values."""

    text: str
    template: str  # Python, with `{NAME}` where a variable stands
    variables: tuple[str, ...]

    def python(self, values: dict[str, str]) -> str:
        """The expression in Python; `values` has the Python for each variable. Needs `names()` to run."""
        return self.template.format_map(values)

    def evaluate(self, **values: float) -> Any:
        """What the formula gives for these values of its variables; raises FAILURES."""
        own = {v: f"v_{v}" for v in self.variables}  # a variable may be named as a word of Python
        return eval(self.python(own), names(), {own[v]: value for v, value in values.items() if v in own})


def names() -> dict[str, Any]:
    """The global names that a formula's Python uses."""
    functions = {f"f_{name}": function for name, (_, _, function) in FUNCTIONS.items()}
    return {"__builtins__": {}, "fmod": math.fmod, "power": math.pow} | functions


def parse_formula(text: str) -> Formula:
    """The formula that `text` is, or BadFormula."""
    parser = _Parser(text)
    template = parser.expression(0, 0)
    if parser.token is not None:
        raise BadFormula(f"{text!r}: did not expect {parser.token!r}")
    return Formula(text=text, template=template, variables=tuple(parser.variables))


class _Parser:
    """Precedence climbing over the tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.kind: str | None = None
        self.token: str | None = None
        self.variables: dict[str, None] = {}
        self.next()

    def next(self) -> str | None:
        before = self.token
        if not self.text[self.at :].strip():
            self.kind = self.token = None
            return before
        found = _TOKEN.match(self.text, self.at)
        if not found:
            raise BadFormula(f"{self.text!r}: did not expect {self.text[self.at :].strip()[:10]!r}")
        self.at = found.end()
        self.kind, self.token = found.lastgroup, found[found.lastgroup or 0]
        return before

    def expect(self, sign: str) -> None:
        if self.token != sign:
            raise BadFormula(
                f"{self.text!r}: expected {sign!r}" + (f", not {self.token!r}" if self.token else " at its end")
            )
        self.next()

    def expression(self, least: int, depth: int) -> str:
        if depth > _DEPTH_MAX:
            raise BadFormula(f"{self.text[:40]!r}…: nested too deeply")
        left = self.operand(depth + 1)
        operators = 0
        while self.token in _BINARY and _BINARY[self.token][0] > least:
            strength, python = _BINARY[self.token]
            self.next()
            # A power binds to the right: 2^3^2 is 2^(3^2).
            right = self.expression(strength - 1 if strength == 7 else strength, depth + 1)
            left = python.format(left, right)
            operators += 1
            if operators > _DEPTH_MAX:
                raise BadFormula(f"{self.text[:40]!r}…: too long")
        return left

    def operand(self, depth: int) -> str:
        kind, token = self.kind, self.next()
        if token in ("-", "+"):
            inner = self.expression(_UNARY, depth + 1)
            return f"(-{inner})" if token == "-" else inner
        if token == "not":
            return f"(not {self.expression(3, depth + 1)})"
        if token == "(":
            inner = self.expression(0, depth + 1)
            self.expect(")")
            return inner
        if kind == "number" and token:
            value = float(token)
            if not math.isfinite(value):
                raise BadFormula(f"{self.text!r}: {token} is too large")
            return repr(int(value) if value.is_integer() and abs(value) < 2**53 and "." not in token else value)
        if kind == "name" and token and token not in ("and", "or"):
            return self.name(token, depth)
        raise BadFormula(f"{self.text!r}: expected a value" + (f", not {token!r}" if token else " at its end"))

    def name(self, token: str, depth: int) -> str:
        if self.token == "(":
            return self.call(token, depth)
        if token in _CONSTANTS:
            return repr(_CONSTANTS[token])
        self.variables[token] = None
        return "{" + token + "}"

    def call(self, token: str, depth: int) -> str:
        if token not in FUNCTIONS:
            raise BadFormula(f"{self.text!r}: no function {token!r}; there are {', '.join(FUNCTIONS)}")
        least, most, _ = FUNCTIONS[token]
        self.next()
        arguments = [self.expression(0, depth + 1)]
        while self.token == ",":
            self.next()
            arguments.append(self.expression(0, depth + 1))
        self.expect(")")
        if not least <= len(arguments) <= most:
            raise BadFormula(f"{self.text!r}: {token} does not take {len(arguments)} arguments")
        return f"f_{token}({', '.join(arguments)})"
