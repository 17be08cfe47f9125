"""The `tugi` command. Its own commands start the desk; the others are management commands by better names."""

from __future__ import annotations

import argparse
import os
import socket
import sys
from collections.abc import Sequence
from typing import Any

from tugi.core import config as configuration
from tugi.serve import ground
from tugi.serve.refusal import EXIT_CODE, StartRefused, complain, say

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tugi.settings")

# Words at the console, the management command behind them (none for what needs no desk), and what it is for.
MANAGEMENT = {
    ("doctor",): ("doctor", "say in red and green how everything is"),
    ("check",): ("check", "say what is wrong with the configuration"),
    ("log", "tail"): ("log_tail", "show what happens, as it happens"),
    ("consumers",): ("consumers", "show who reads the log, and how far each is"),
    ("replay",): ("replay", "let a consumer read the log again: NAME [--from SEQ]"),
    ("mail", "receive"): ("mail_receive", "take one message from standard input: --mailbox ADDRESS"),
    ("mail", "inspect"): ("", "print as JSON what Tugi makes of a raw mail: FILE or --jsonl"),
    ("set-up-link",): ("setup_link", "print a new one-time link that makes the first administrator"),
    ("forget-secrets",): ("forget_secrets", "empty the passwords whose encryption key is lost: [--yes]"),
    ("demo",): ("demo", "fill an empty desk with a believable one"),
}
TOLD_TO_MAIL_SERVERS = (os.EX_OK, os.EX_DATAERR, os.EX_NOUSER, os.EX_TEMPFAIL)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:2] == ["mail", "receive"]:
        return _for_a_mail_server(words)
    try:
        return _run(words)
    except StartRefused as refusal:
        complain(str(refusal))
        return EXIT_CODE
    except KeyboardInterrupt:
        return 130


def _for_a_mail_server(words: list[str]) -> int:
    """It keeps what it is asked to bring again later, and bounces whatever ends with a code that it does not know
    (sysexits.h): a mistake of ours, in what was typed too, must not cost its sender the mail."""
    try:
        return _run(words)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) and ended.code in TOLD_TO_MAIL_SERVERS else os.EX_TEMPFAIL
    except StartRefused as refusal:
        complain(str(refusal))
    except BaseException as error:  # noqa: BLE001  whatever it is, no mail may bounce for it
        complain(f"The mail could not be taken now: {type(error).__name__}: {error}")
    return os.EX_TEMPFAIL


def _run(words: list[str]) -> int:
    if words[:1] == ["manage"]:
        return _manage(words[1:])
    if words[:2] == ["mail", "inspect"]:
        return _inspect(words[2:])
    for name, (command, _) in MANAGEMENT.items():
        if tuple(words[: len(name)]) == name:
            rest = words[len(name) :]
            if command not in {"check", "doctor"} and not {"-h", "--help"} & set(rest):
                ground.refuse_no_desk(configuration.load())
                ground.prepare(configuration.load())
            return _command(command, " ".join(name), rest)
    _refuse_half_a_name(words)
    options = parser().parse_args(words)
    return int(options.run(options))


def _inspect(words: list[str]) -> int:
    """Without Django's applications and without a desk: it starts at once, and works anywhere."""
    from tugi.channels.email import inspection

    return inspection.main(words)


def _refuse_half_a_name(words: list[str]) -> None:
    wholes = [name for name in MANAGEMENT if len(name) > 1 and [name[0]] == words[:1]]
    if wholes:
        raise StartRefused(f"bin/tugi {words[0]} knows: " + ", ".join(f"bin/tugi {' '.join(name)}" for name in wholes))


def parser() -> argparse.ArgumentParser:
    lines = [f"  {' '.join(name):<14} {purpose}" for name, (_, purpose) in MANAGEMENT.items()]
    outer = argparse.ArgumentParser(
        prog="bin/tugi",
        description="A self-hosted support desk.",
        epilog="more commands:\n" + "\n".join([*lines, "  manage …       Django's own commands"]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = outer.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_web(commands)
    worker = commands.add_parser("worker", help="do what is due: consumers, mail in and out, deadlines")
    worker.add_argument("--lifeline", type=int, help=argparse.SUPPRESS)
    worker.set_defaults(run=_worker)
    commands.add_parser("migrate", help="bring the database to this version").set_defaults(run=_migrate)
    commands.add_parser("version", help="print the version").set_defaults(run=_version)
    return outer


def _add_serve(commands: Any) -> None:
    serve = commands.add_parser("serve", help="run the whole desk: web and worker, on this machine")
    serve.add_argument("--port", type=int, help="instead of TUGI_PORT")
    serve.add_argument(
        "--demo", action="store_true", help="a believable desk to try out, in a data directory of its own"
    )
    serve.set_defaults(run=_serve)


def _add_web(commands: Any) -> None:
    web = commands.add_parser("web", help="answer requests only")
    for name in ("--socket", "--reports", "--lifeline"):
        web.add_argument(name, type=int, help=argparse.SUPPRESS)
    web.add_argument("--demo", action="store_true", help=argparse.SUPPRESS)
    web.set_defaults(run=_web)


def _serve(options: argparse.Namespace) -> int:
    from tugi.serve.supervisor import Supervisor

    if options.port is not None:
        os.environ["TUGI_PORT"] = str(options.port)
    if options.demo:
        # Never into a real desk's data.
        os.environ.setdefault("TUGI_DATA", str(configuration.CHECKOUT / "data-demo"))
        if configuration.load().smtp_send is None:
            # What the demo sends is for its owner to look at, and never reaches anybody.
            os.environ.setdefault("TUGI_SMTP_SEND", "folder")
    config = configuration.load()
    for warning in config.warnings:
        complain(f"{warning.message} {warning.hint} ({warning.id})")
    ground.refuse_unfit(config)
    ground.refuse_running(config.data_dir)
    with ground.listen(config.host, config.port, "TUGI_PORT or TUGI_HOST") as sock:
        if config.smtp_listen:
            # The worker opens it; here a taken port is found before anything is made.
            ground.listen(*config.smtp_listen, "TUGI_SMTP_LISTEN (or off)").close()
        if isinstance(config.lmtp_listen, tuple):
            ground.listen(*config.lmtp_listen, "TUGI_LMTP_LISTEN (or off)").close()
        ground.prepare(config)
        with ground.lock(config.data_dir):
            return Supervisor(config, sock, demo=options.demo).run()


def _web(options: argparse.Namespace) -> int:
    """With a supervisor the database is prepared here: one import of everything, not two."""
    from tugi.serve import web

    if options.lifeline is not None:
        web.follow(options.lifeline)
    config = configuration.load()
    if options.lifeline is None:
        ground.refuse_no_desk(config)
    ground.prepare(config)
    _set_up_django()
    reports = web.Reports(options.reports)
    supervised = options.reports is not None
    _prepare_database(supervised, demo=options.demo)
    reports.tell("prepared")
    sock = socket.socket(fileno=options.socket) if options.socket is not None else None
    web.serve(config, sock, lambda: reports.tell("answering", lines=_first_words() if supervised else []))
    return 0


def _prepare_database(supervised: bool, demo: bool) -> None:
    from django.core.management import CommandError, call_command

    from tugi.serve import readiness, schema

    if not supervised:
        schema.refuse_unmigrated()
    elif ran := schema.bring_up_to_date():
        say(f"The database was brought to this version ({ran} migrations).")
    readiness.refuse_errors()
    if demo:
        try:
            call_command("demo", serving=True)
        except CommandError as refusal:
            raise StartRefused(str(refusal)) from refusal
        _keep_way_of_demo()


def _keep_way_of_demo() -> None:
    """Where the demo's mail goes is written down, so that `tugi doctor` and its like know it without being told."""
    file = configuration.load().data_dir / "tugi.toml"
    if os.environ.get("TUGI_SMTP_SEND") == "folder" and not file.exists():
        file.write_text('TUGI_SMTP_SEND = "folder"\n', encoding="utf-8")


def _first_words() -> list[str]:
    from tugi.serve.readiness import first_words

    return first_words()


def _worker(options: argparse.Namespace) -> int:
    from tugi.serve import web

    if options.lifeline is not None:
        web.follow(options.lifeline)
    else:
        ground.refuse_no_desk(configuration.load())
    ground.prepare(configuration.load())
    if options.lifeline is None:
        _set_up_django()
        _prepare_database(supervised=False, demo=False)
    return _manage(["worker"])


def _migrate(options: argparse.Namespace) -> int:
    from tugi.serve import schema

    ground.prepare(configuration.load())
    _set_up_django()
    ran = schema.bring_up_to_date()
    say(f"{ran} migrations were applied." if ran else "The database is up to date.")
    return 0


def _version(options: argparse.Namespace) -> int:
    from tugi import __version__

    say(f"Tugi {__version__}")
    return 0


def _command(command: str, name: str, words: list[str]) -> int:
    """A management command under the name that was typed."""
    from django.core.management import ManagementUtility

    _set_up_django()
    found = ManagementUtility(["tugi"]).fetch_command(command)
    make_parser = found.create_parser

    def create_parser(*args: Any, **options: Any) -> Any:
        made = make_parser(*args, **options)
        made.prog = f"bin/tugi {name}"
        return made

    found.create_parser = create_parser  # type: ignore[method-assign]
    found.run_from_argv(["tugi", command, *words])
    return 0


def _manage(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["tugi", *words])
    return 0


def _set_up_django() -> None:
    import django

    django.setup()
