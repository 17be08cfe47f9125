"""Change happens in actions, and every action leaves a fact in the log or says why not."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house import source

WRITES = {
    "save",
    "update",
    "create",
    "bulk_create",
    "bulk_update",
    "delete",
    "get_or_create",
    "update_or_create",
}
INSERTS = {"insert", "insert_unless_there"}
EVENTED = {
    "Ticket",
    "Message",
    "Attachment",
    "Merge",
    "Participant",
    "Tag",
    "Status",
    "TicketLink",
    "Agent",
    "Contact",
    "Identity",
    "Organisation",
    "Department",
    "Role",
    "RoleGrant",
    "Mailbox",
    "DeskSettings",
}
WITHOUT_EVENT = {
    "mark_read": "looking is not a fact",
    "make_link": "the message that carries the link is the fact",
    "begin_delivery": "sent or failed follows, and nobody sees the moment between",
}


def is_action(path: Path) -> bool:
    return "actions" in path.parts or path.name == "actions.py"


def direct_writes(module: ast.Module) -> list[tuple[int, str]]:
    """`Ticket.objects….update(…)`, `Message(…).save()`, `insert(Message(…))`: writes that name an evented model."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INSERTS:
            made = node.args[0].func if node.args and isinstance(node.args[0], ast.Call) else None
            if isinstance(made, ast.Name) and made.id in EVENTED:
                found.append((node.lineno, f"{node.func.id}({made.id}…)"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            root: ast.expr = node.func.value
            while isinstance(root, ast.Attribute | ast.Call):
                root = root.value if isinstance(root, ast.Attribute) else root.func
            if isinstance(root, ast.Name) and root.id in EVENTED:
                found.append((node.lineno, f"{root.id}…{node.func.attr}()"))
    return found


def test_only_actions_write_what_has_a_history() -> None:
    wrong = [
        f"{source.shown(path)}:{line}: {what}"
        for path in source.python_files()
        if not is_action(path) and path.name != "testing.py"
        for line, what in direct_writes(source.tree(path))
    ]

    assert wrong == []


def test_the_rule_sees_a_write() -> None:
    bad = ast.parse("Ticket.objects.filter(id=1).update(subject='x')")
    good = ast.parse("Ticket.objects.filter(id=1).values('subject')")

    assert direct_writes(bad) == [(1, "Ticket…update()")]
    assert direct_writes(good) == []
    assert direct_writes(ast.parse("insert(Ticket(number=1))")) == [(1, "insert(Ticket…)")]


def actions_in(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    top = source.tree(path).body
    return [
        node
        for node in top
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and any(argument.arg == "actor" for argument in node.args.kwonlyargs)
    ]


def calls(function: ast.AST) -> set[str]:
    return {
        node.func.id for node in ast.walk(function) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


def test_every_action_says_what_happened() -> None:
    silent = []
    for path in source.python_files():
        if not is_action(path):
            continue
        local = {function.name: calls(function) for function in source.functions(source.tree(path))}
        for action in actions_in(path):
            reached, todo = set(), {action.name}
            while todo:
                name = todo.pop()
                reached.add(name)
                todo |= (local.get(name, set()) & set(local)) - reached
            called = set().union(*(local[name] for name in reached))
            speaks = "append" in called or any(name for name in called if name in _speaking_names())
            if not speaks and action.name not in WITHOUT_EVENT:
                silent.append(f"{source.shown(path)}:{action.name}")

    assert silent == []


def _speaking_names() -> set[str]:
    """Actions of any module: calling one of them is saying it."""
    return {action.name for path in source.python_files() if is_action(path) for action in actions_in(path)}


def test_actors_are_never_guessed() -> None:
    guessed = [
        f"{source.shown(path)}:{function.name}"
        for path in source.python_files()
        for function in source.functions(source.tree(path))
        for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if argument.arg == "actor" and default is not None
    ]

    assert guessed == []
