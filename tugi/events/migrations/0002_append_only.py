"""The database itself refuses to change or delete what the log says. One thing is let through: an
event that has no `seq` yet may be given one, and nothing else in the same breath."""

from django.db import migrations

SQLITE = [
    """
    CREATE TRIGGER events_event_stays BEFORE DELETE ON events_event
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
    """
    CREATE TRIGGER events_event_unchanged BEFORE UPDATE ON events_event
    WHEN NOT (
        OLD.seq IS NULL AND NEW.seq IS NOT NULL
        AND (OLD.id, OLD.at, OLD.kind, OLD.actor_kind, OLD.actor_id, OLD.ticket_id, OLD.subject_kind,
             OLD.subject_id, OLD.cause_id, OLD.depth, OLD.origin, OLD.data)
         IS (NEW.id, NEW.at, NEW.kind, NEW.actor_kind, NEW.actor_id, NEW.ticket_id, NEW.subject_kind,
             NEW.subject_id, NEW.cause_id, NEW.depth, NEW.origin, NEW.data)
    )
    BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END
    """,
]
POSTGRESQL = [
    """
    CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.seq IS NULL AND NEW.seq IS NOT NULL THEN
                OLD.seq := NEW.seq;
                IF OLD IS NOT DISTINCT FROM NEW THEN
                    RETURN NEW;
                END IF;
            END IF;
        END IF;
        RAISE EXCEPTION 'the log is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER events_event_unchanged BEFORE UPDATE OR DELETE ON events_event
    FOR EACH ROW EXECUTE FUNCTION events_refuse_change()
    """,
]
UNDO = {
    "sqlite": ["DROP TRIGGER events_event_unchanged", "DROP TRIGGER events_event_stays"],
    "postgresql": [
        "DROP TRIGGER events_event_unchanged ON events_event",
        "DROP FUNCTION events_refuse_change()",
    ],
}


def protect(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def unprotect(apps, schema_editor):
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("events", "0001_the_log")]

    operations = [migrations.RunPython(protect, unprotect)]
