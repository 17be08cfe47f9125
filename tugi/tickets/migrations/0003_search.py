"""The tables of the search index; each engine has its own kind of inverted index."""

from django.db import migrations, models

SQLITE = [
    """CREATE VIRTUAL TABLE tickets_searchdocument USING fts5(
        tokens, content='', contentless_delete=1, tokenize="ascii tokenchars '_'"
    )""",
    """CREATE TABLE tickets_searchword (
        language TEXT NOT NULL, tail TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (language, tail, token)
    ) WITHOUT ROWID""",
]
POSTGRESQL = [
    "CREATE TABLE tickets_searchdocument (id bigint PRIMARY KEY, tokens tsvector NOT NULL)",
    """CREATE INDEX tickets_searchdocument_tokens ON tickets_searchdocument
        USING gin (tokens) WITH (fastupdate = on, gin_pending_list_limit = 512)""",
    """CREATE TABLE tickets_searchword (
        language varchar(4) COLLATE "C" NOT NULL, tail varchar(40) COLLATE "C" NOT NULL,
        token varchar(40) COLLATE "C" NOT NULL, PRIMARY KEY (language, tail, token)
    )""",
]


def make_tables(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop_tables(apps, schema_editor):
    schema_editor.execute("DROP TABLE tickets_searchdocument")
    schema_editor.execute("DROP TABLE tickets_searchword")


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_built_in_statuses")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(make_tables, drop_tables)],
            state_operations=[
                migrations.CreateModel(
                    name="SearchDocument",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("tokens", models.TextField()),
                    ],
                ),
                migrations.CreateModel(
                    name="SearchWord",
                    fields=[
                        (
                            "pk",
                            models.CompositePrimaryKey(
                                "language",
                                "tail",
                                "token",
                                blank=True,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("language", models.CharField(max_length=4)),
                        ("tail", models.CharField(max_length=40)),
                        ("token", models.CharField(max_length=40)),
                    ],
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchRebuild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reached", models.BigIntegerField()),
                ("upto", models.BigIntegerField()),
                ("started_at", models.DateTimeField()),
            ],
        ),
    ]
