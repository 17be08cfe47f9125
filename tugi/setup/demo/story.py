"""One conversation as it is told: a generator that gives the moment of its next act, and acts when it is resumed.

Whoever resumes it has set the clock to that moment (`clock.pretend`), so that what the actions write is a
history that could have happened. What has not come to its moment yet is not told: the newest conversations stop
in the middle, as they do at a desk. Everything comes from an import, so nobody is written to because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from tugi.channels.email.models import Mailbox, TicketMailbox
from tugi.core import clock
from tugi.core.reasons import reason
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.actions import find_or_add_contact
from tugi.people.models import Agent, Contact, Department
from tugi.setup.demo.cast import Customer, Worker, colleague_for, worker_for
from tugi.setup.demo.hours import about, awake, working
from tugi.setup.demo.script import Scenario, Step
from tugi.setup.demo.speech import Speech
from tugi.tickets import actions
from tugi.tickets.actions.delivery import begin_delivery
from tugi.tickets.content import Incoming
from tugi.tickets.models import Category, Delivery, Message, Priority, Proof, Status, Ticket

SYSTEM = actors.system("import")
UNDO = timedelta(seconds=10)
UNPROVEN, SILENT, REFUSED, BY_PAGE = 0.07, 0.2, 0.012, 0.2
"""How often a sender is not proven, a customer never answers, a reply comes back, the ticket's page is used."""
NO_SUCH_MAILBOX = reason("desk.said", "550 5.1.1 The recipient's mailbox does not exist.")
PACES, PACE_WEIGHTS = (1, 3, 9, 30), (4, 4, 3, 2)
"""How many working hours the desk lets pass for a step: most matters are easy, some lie about."""
ENDS_AFTER = {Category.PENDING: timedelta(days=6), Category.ON_HOLD: timedelta(days=18)}
CLOSED_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Desk:
    """The rows that stories act on; agents by address, departments and mailboxes by the script's words."""

    agents: Mapping[str, Agent]
    departments: Mapping[str, Department]
    mailboxes: Mapping[str, Mailbox]
    statuses: Mapping[Category, Status]


class Story:
    """A scenario, the customer who plays it, and when the first mail comes in.

    `taker` takes it at once, at any hour, and answers much later; otherwise somebody does in the usual time.
    """

    def __init__(
        self, scenario: Scenario, customer: Customer, start: datetime, rng: Random, taker: Worker | None = None
    ) -> None:
        self.scenario, self.customer, self.start, self.rng = scenario, customer, start, rng
        self.taker = taker
        self.pace = 60 * (PACES[-1] if taker else rng.choices(PACES, PACE_WEIGHTS)[0])
        self.speech = Speech(customer, start, rng)
        self.subject = self.speech.plain(scenario.subject, customer)

    def tell(self, desk: Desk) -> Iterator[datetime]:
        moment, telling = self.start, Telling(self, desk)
        falls_silent = self.rng.random() < SILENT
        before: Step | None = None
        for step in self.scenario.steps:
            if not step.is_customers and not telling.is_taken:
                moment = self._taken(moment)
                yield moment
                telling.take()
            moment, before = self._next(moment, step, before), step
            yield moment
            telling.act(step)
            if telling.is_refused or (falls_silent and step.then == Category.PENDING):
                break
        if telling.category() in ENDS_AFTER and not telling.is_refused:
            moment = working(moment + ENDS_AFTER[telling.category()], self.rng)
            yield moment
            telling.set_status(Category.RESOLVED)
        if telling.category() == Category.RESOLVED:
            yield moment + CLOSED_AFTER
            telling.close()

    def _taken(self, after: datetime) -> datetime:
        if self.taker:
            return after + about(6, self.rng)
        return working(after + about(self.pace, self.rng), self.rng)

    def _next(self, after: datetime, step: Step, before: Step | None) -> datetime:
        if before is None:
            return after
        if step.verb == "is_away":
            return after + timedelta(seconds=self.rng.randrange(15, 60))
        if step.is_customers:
            minutes = 80 if step.verb == "asks_twice" else 2400 if step.is_later else 600
            return awake(after + about(minutes, self.rng), self.rng)
        return working(after + about(self.pace / 2, self.rng), self.rng)


class Telling:
    """What a story has come to on the desk, and the acts that carry it on."""

    ticket: Ticket
    contact: Contact

    def __init__(self, story: Story, desk: Desk) -> None:
        self.story, self.desk, self.rng, self.speech = story, desk, story.rng, story.speech
        self.customer = story.customer
        self.department = story.scenario.department
        self.worker = story.taker or worker_for(self.department, self.customer.language, self.rng)
        self.twin: Ticket | None = None
        self.answer: Message | None = None
        self.is_open = self.is_taken = self.is_refused = False

    def act(self, step: Step) -> None:
        """Do what the script says, now."""
        match step.verb:
            case "asks" if self.is_open:
                self._write(step)
            case "asks":
                self.ticket, self.is_open = self._open(step), True
            case "asks_twice":
                self.twin, self.is_taken = self._open(step), False
            case "is_away":
                self._be_away(step)
            case "answers":
                self._answer(step)
            case "notes":
                self._note(step, self.worker)
            case "remarks":
                self._note(step, colleague_for(self.worker, self.department, self.customer.language, self.rng))
            case "moves":
                self._move(step)
            case "sets" if step.then is not None:
                actions.mark_read(self.ticket.pk)
                self.set_status(step.then)

    def take(self) -> None:
        """Somebody takes the ticket, looks at it, and puts right what is to be put right."""
        by, scenario = self._actor_of(self.worker), self.story.scenario
        self.is_taken = True
        actions.mark_read(self.ticket.pk)
        actions.assign_ticket(self.ticket.pk, to=self._agent(self.worker), actor=by)
        if self.twin is not None:
            actions.merge_tickets(self.twin.pk, into=self.ticket.pk, actor=by)
            self.twin = None
        if scenario.priority != Priority.NORMAL:
            actions.change_priority(self.ticket.pk, to=scenario.priority, actor=by)
        actions.change_tags(self.ticket.pk, add=scenario.tags, actor=by)

    def category(self) -> Category:
        """Where the ticket stands."""
        return Category(Ticket.objects.values_list("status__category", flat=True).get(id=self.ticket.pk))

    def set_status(self, to: Category) -> None:
        """The assignee sets it."""
        self._change_status(to, actor=self._actor_of(self.worker))

    def close(self) -> None:
        """Nobody in particular closes what has been resolved for long."""
        self._change_status(Category.CLOSED, actor=SYSTEM)

    def _open(self, step: Step) -> Ticket:
        self.contact = find_or_add_contact(
            email=self.customer.address, name=self.customer.name, language=self.customer.language, actor=SYSTEM
        )
        proof = Proof.NONE if self.rng.random() < UNPROVEN else Proof.SENDER
        ticket, _message = actions.open_ticket(
            self._incoming(self.speech.letter(step.text, self.customer, is_first=True), step, proof=proof),
            subject=self.story.subject,
            department_id=self.desk.departments[self.department].pk,
            actor=self._contact_actor(),
        )
        TicketMailbox.objects.create(ticket=ticket, mailbox=self.desk.mailboxes[self.department])
        with clock.pretend(clock.now() + timedelta(seconds=2)):
            actions.note_acknowledgement(ticket, actor=SYSTEM)
        return ticket

    def _write(self, step: Step) -> None:
        if self.rng.random() < BY_PAGE:
            incoming = self._incoming(self.speech.plain(step.text, self.customer), step, channel="portal")
        else:
            text = self.speech.letter(step.text, self.customer, is_first=False)
            incoming = self._incoming(text, step, answered=self.answer)
        actions.receive_message(self.ticket.pk, incoming, actor=self._contact_actor())

    def _be_away(self, step: Step) -> None:
        incoming = self._incoming(self.speech.away(), step, is_automatic=True)
        actions.receive_message(self.ticket.pk, incoming, actor=self._contact_actor())

    def _incoming(
        self,
        text: str,
        step: Step,
        *,
        proof: Proof = Proof.TOKEN,
        channel: str = "email",
        answered: Message | None = None,
        is_automatic: bool = False,
    ) -> Incoming:
        return Incoming(
            content=self.speech.content(text, step, answered=answered),
            channel=channel,
            contact_id=self.contact.pk,
            proof=proof,
            author_name=self.customer.name,
            author_address=self.customer.address,
            to=(self.desk.mailboxes[self.department].address,) if channel == "email" else (),
            is_automatic=is_automatic,
        )

    def _answer(self, step: Step) -> None:
        text = self.speech.letter(step.text, self.worker, is_first=self.answer is None)
        self.answer = actions.reply(
            self.ticket.pk,
            self.speech.content(text, step),
            author=self._agent(self.worker),
            undo_for=UNDO,
            to=(self.customer.address,),
            then=self.desk.statuses[step.then] if step.then else None,
            actor=self._actor_of(self.worker),
        )
        self.is_refused = self.rng.random() < REFUSED
        delivery, error = (Delivery.FAILED, NO_SUCH_MAILBOX) if self.is_refused else (Delivery.SENT, "")
        with clock.pretend(clock.now() + UNDO + timedelta(seconds=1)):
            begin_delivery(self.answer.pk)
            actions.record_delivery(self.answer.pk, delivery=delivery, error=error, actor=SYSTEM)

    def _note(self, step: Step, author: Worker) -> None:
        content = self.speech.content(self.speech.plain(step.text, author), step)
        actions.add_note(self.ticket.pk, content, author=self._agent(author), actor=self._actor_of(author))

    def _move(self, step: Step) -> None:
        self._note(step, self.worker)
        to = self.desk.departments[step.to]
        actions.move_ticket(self.ticket.pk, to=to, actor=self._actor_of(self.worker))
        self.department, self.is_taken = step.to, False
        self.worker = worker_for(step.to, self.customer.language, self.rng, but=self.worker)

    def _change_status(self, to: Category, *, actor: Actor) -> None:
        actions.change_status(self.ticket.pk, to=self.desk.statuses[to], actor=actor)

    def _agent(self, worker: Worker) -> Agent:
        return self.desk.agents[worker.address]

    def _actor_of(self, worker: Worker) -> Actor:
        return actors.agent(self._agent(worker).pk, "import")

    def _contact_actor(self) -> Actor:
        return actors.contact(self.contact.pk, "import")
