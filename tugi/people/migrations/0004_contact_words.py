"""The tables by which contacts are found. Words are compared byte by byte, so that a beginning is a range."""

from django.db import migrations, models

SQLITE = [
    """CREATE TABLE people_contactword (
        word TEXT NOT NULL, department_id INTEGER NOT NULL, contact_id INTEGER NOT NULL,
        PRIMARY KEY (word, department_id, contact_id)
    ) WITHOUT ROWID""",
    """CREATE TABLE people_contacttypo (
        variant TEXT NOT NULL, word TEXT NOT NULL, PRIMARY KEY (variant, word)
    ) WITHOUT ROWID""",
]
POSTGRESQL = [
    """CREATE TABLE people_contactword (
        word varchar(80) COLLATE "C" NOT NULL, department_id bigint NOT NULL, contact_id bigint NOT NULL,
        PRIMARY KEY (word, department_id, contact_id)
    )""",
    """CREATE TABLE people_contacttypo (
        variant varchar(80) COLLATE "C" NOT NULL, word varchar(80) COLLATE "C" NOT NULL,
        PRIMARY KEY (variant, word)
    )""",
]
INDEX = "CREATE INDEX people_contactword_contact ON people_contactword (contact_id, word)"


def make_tables(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)
    schema_editor.execute(INDEX)


def drop_tables(apps, schema_editor):
    schema_editor.execute("DROP TABLE people_contacttypo")
    schema_editor.execute("DROP TABLE people_contactword")


class Migration(migrations.Migration):
    dependencies = [("people", "0003_account_links")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_tables, drop_tables)],
            state_operations=[
                migrations.CreateModel(
                    name="ContactWord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "word",
                                "department_id",
                                "contact_id",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("word", models.CharField(max_length=80)),
                        ("department_id", models.BigIntegerField()),
                        ("contact_id", models.BigIntegerField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ContactTypo",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "variant",
                                "word",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("variant", models.CharField(max_length=80)),
                        ("word", models.CharField(max_length=80)),
                    ],
                ),
            ],
        ),
    ]
