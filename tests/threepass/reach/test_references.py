"""Python's own table of symbols says which names are global; ours must agree, on our own code and on harder pieces."""

from __future__ import annotations

import ast
import symtable
from pathlib import Path

from threepass.reach.references import references

CODE = Path(__file__).parents[3] / "code"

HARD = """
def comprehensions(a):
    return [b for b in c if (d := b)], {d: e for e in a}, (f for g in (lambda g=h: g + i)() for f in g)
def patterns(a):
    match a:
        case {"k": b, **c} if b: return c, d
        case [e, *f] | (e, f): return e, f
        case G(h=i) as j: return i, j
def handlers():
    try: a = b
    except c as d: return d
def loops():
    for a, (b, *c) in d: e[a] = b.f = c
    with g as (h, i), j as k.l: return h, i
    del m[a], n
class Body(a, metaclass=b):
    c = d
    def method(self, c=c, *, e=c): return c, f, self, __class__
    g = [h for h in c for i in j]
    class Inner: k = method
def outer(a):
    b = c
    def inner():
        nonlocal b
        global d, e
        b = d = f
        def e(): return g
        import h.i, j as k
        return h, k, a
    return lambda *l, m=n, **o: (inner, l, m, o, p)
async def asynchronous():
    async for a in b: await c
    async with d as e: return [f async for f in e]
@a.b(c)
def decorated(d=e, *f, g: h = i) -> j: return (k := d), k, [l := 1 for m in n], l
"""


def global_names(table: symtable.SymbolTable) -> set[str]:
    found = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return found.union(*(global_names(child) for child in table.get_children()))


def without_annotations(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
    return tree


def class_names(table: symtable.SymbolTable) -> set[str]:
    """Names that class bodies bind: each may be the module's until then, which only running it would show."""
    bound = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local() and table.get_type() == "class"}
    return bound.union(*(class_names(child) for child in table.get_children()))


class Bare(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.annotation = ast.Constant(None)
        return node


def definitions(source: str) -> list[str]:
    tree = Bare().visit(without_annotations(ast.parse(source)))
    return [
        ast.unparse(node)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]


def check_names(source: str) -> int:
    """Compare every definition of a module with Python's own table; return how many there were."""
    found = definitions(source)
    for definition in found:
        table = symtable.symtable(definition, "a file", "exec")
        used_here = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
        expected = used_here.union(*(global_names(child) for child in table.get_children())) - {"__class__"}
        found_here = references(ast.parse(definition).body[0], package="package")
        names = found_here.names
        ours = {name.root for name in names | found_here.changed if isinstance(name.root, str)}
        assert expected <= ours, definition
        assert ours - expected <= {"__class__"} | class_names(table), definition
    return len(found)


def test_names_of_hard_pieces_are_those_of_python() -> None:
    assert check_names(HARD) == 8


def test_names_of_our_own_code_are_those_of_python() -> None:
    assert sum(check_names(path.read_text("utf-8")) for path in CODE.rglob("*.py")) > 100
