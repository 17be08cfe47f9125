"""Documents that PostgreSQL has indexed get the marks by which its search looks for them (search/postgres_ranges.py)."""

from django.db import migrations

ADD_MARKS = """
    UPDATE tickets_searchdocument d
    SET tokens = d.tokens || (
        SELECT string_agg(quote_literal(mark), ' ')::tsvector FROM (
            SELECT format('_r%sx%s', bits, d.id >> bits) AS mark FROM unnest(ARRAY[11, 13, 15, 17, 19, 21]) AS bits
            UNION ALL
            SELECT format('_d%sr%sx%s', t.department_id, bits, d.id >> bits) FROM unnest(ARRAY[13, 16, 19]) AS bits
        ) AS marks
    )
    FROM tickets_message m JOIN tickets_ticket t ON t.id = m.ticket_id
    WHERE m.id = d.id AND NOT d.tokens @@ quote_literal(format('_d%sr13x%s', t.department_id, d.id >> 13))::tsquery
"""


def add_marks(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD_MARKS, params=None)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_drafts_taken_at")]

    operations = [migrations.RunPython(add_marks, migrations.RunPython.noop)]
