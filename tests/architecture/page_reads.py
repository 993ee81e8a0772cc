"""Finds places that read pages without asking the access rule."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE_MODELS = {"Page", "HelpPage", "HomePage", "CategoryPage", "ArticlePage"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
# Methods that answer with pages, whatever they are called on.
WALKS = {
    "ancestor_of",
    "child_of",
    "descendant_of",
    "get_ancestors",
    "get_children",
    "get_descendants",
    "get_first_child",
    "get_first_root_node",
    "get_last_child",
    "get_next_sibling",
    "get_next_siblings",
    "get_parent",
    "get_prev_sibling",
    "get_prev_siblings",
    "get_siblings",
    "get_translation",
    "get_translation_or_none",
    "get_translations",
    "in_menu",
    "public",
    "sibling_of",
    "translation_of",
}
RULE = {"visible_to", "is_open_to"}


@dataclass(frozen=True)
class Read:
    """One expression that reads pages and does not pass through the rule."""

    module: str
    function: str
    line: int
    code: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} in {self.function}(): {self.code}"


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def source_files() -> Iterator[Path]:
    """Yield the Python files that readers' requests may pass through; migrations write history."""
    for room in ("helpportal", "home"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def rule_names(sources: Iterable[str]) -> set[str]:
    """Return the names that stand for the rule: its own, and functions that hand their first argument on to it."""
    functions = [
        node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)
    ]
    names = set(RULE)
    while True:
        more = {
            function.name
            for function in functions
            if function.args.args
            and any(
                isinstance(call, ast.Call)
                and _called(call) in names
                and function.args.args[0].arg == _begins_with(call.args[0] if call.args else call.func)
                for call in ast.walk(function)
            )
        }
        if more <= names:
            return names
        names |= more


def unguarded_reads(source: str, module: str, rule: set[str]) -> list[Read]:
    """Return the page reads in a module's source that no name of the rule stands over.

    A read is guarded when the rule is called on it (`reads.visible_to(viewer)`), around it (`visible_to(reads, …)`),
    on the name it was given in the same function, or when the rule's condition is in its own filter.
    """
    tree = ast.parse(source)
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    found = []
    for node in ast.walk(tree):
        if not _reads_pages(node):
            continue
        if not _is_guarded(node, parents, rule):
            outermost = _chain(node, parents)
            found.append(Read(module, _function(node, parents), node.lineno, ast.unparse(outermost)[:100]))
    return sorted(found, key=lambda read: read.line)


def _reads_pages(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
        owner = node.value
        name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
        return name in PAGE_MODELS
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WALKS


def _chain(node: ast.AST, parents: dict) -> ast.AST:
    """Return the whole chain of attributes and calls that begins with a node."""
    while True:
        above = parents.get(node)
        begins = (isinstance(above, ast.Attribute) and above.value is node) or (
            isinstance(above, ast.Call) and above.func is node
        )
        if not begins:
            return node
        node = above


def _names_rule(node: ast.AST, rule: set[str]) -> bool:
    return any(isinstance(part, ast.Call) and _called(part) in rule for part in ast.walk(node))


def _is_guarded(node: ast.AST, parents: dict, rule: set[str]) -> bool:
    chain = _chain(node, parents)
    if _names_rule(chain, rule):
        return True
    inner = chain
    while inner in parents and not isinstance(inner, ast.stmt):
        below, inner = inner, parents[inner]
        if isinstance(inner, ast.Call) and _called(inner) in rule and below in inner.args[:1]:
            return True
    if isinstance(inner, ast.Assign | ast.AnnAssign):
        targets = inner.targets if isinstance(inner, ast.Assign) else [inner.target]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        return any(
            isinstance(call, ast.Call) and _called(call) in rule and names & _names_it_is_about(call)
            for call in ast.walk(_scope(inner, parents))
        )
    return False


def _called(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _begins_with(node: ast.AST) -> str:
    """Return the name that a chain of attributes and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def _names_it_is_about(call: ast.Call) -> set[str]:
    """Return the names that a call of the rule takes as its pages: its first argument, or what it is called on."""
    parts: list[ast.AST] = list(call.args[:1])
    if isinstance(call.func, ast.Attribute):
        parts.append(call.func.value)
    return {name.id for part in parts for name in ast.walk(part) if isinstance(name, ast.Name)}


def _scope(node: ast.AST, parents: dict) -> ast.AST:
    while node in parents and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        node = parents[node]
    return node


def _function(node: ast.AST, parents: dict) -> str:
    names = []
    while node in parents:
        node = parents[node]
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
    return ".".join(reversed(names)) or "module"
