"""English conversations."""

from __future__ import annotations

from tugi.setup.demo.script import (
    BILLING,
    HIGH,
    LOW,
    ON_HOLD,
    OPEN,
    RESOLVED,
    SUPPORT,
    TECHNICAL,
    URGENT,
    answers,
    asks,
    asks_later,
    asks_twice,
    is_away,
    moves,
    notes,
    remarks,
    scenario,
    sets,
)

SCENARIOS = (
    scenario(
        "[Where is my order {order}?|Order {order} has not arrived|No news of order {order}]",
        SUPPORT,
        asks(
            "[I ordered|On {date} I ordered] the {lamp} lamp from you, order {order}. [The page said two to three "
            "days.|I was promised delivery within three days.] It has been {days} days now and the tracking [has not "
            "moved since it left your warehouse|page still says “label created”].\n\nCould you [find out where it "
            "is|look into it], please?"
        ),
        notes("Carrier has it in {city}, missed scan on the way. Asked them to confirm the delivery day."),
        answers(
            "I am sorry about the wait. Your parcel missed a scan at the carrier's depot in {city}, which is why the "
            "page stood still; the parcel itself is fine. [It is on the van for tomorrow.|They promise it for "
            "tomorrow before six.]\n\nIf it is not with you by then, just answer this mail and we send a new one the "
            "same day."
        ),
        asks_later("[It came this morning|It is here now], nothing broken. Thank you for being so quick!"),
        sets(RESOLVED),
        tags="delivery",
    ),
    scenario(
        "[Wrong colour|I got the wrong lamp|Not what I ordered], order {order}",
        SUPPORT,
        asks(
            "The parcel came today, but there is a white {lamp} in it and [I ordered the black one|my order says "
            "black]. [I attach a picture of the label.|A photo of the lamp and the label is attached.]\n\n[I have not "
            "plugged it in.|The box is opened, the lamp is not used.] How do we do this?",
            file="photo",
        ),
        answers(
            "That one is on us, sorry! The black {lamp} leaves the warehouse today with express delivery. The courier "
            "takes the white one with him when he comes, so you need no label and no trip to the post."
        ),
        asks("Perfect. [Thursday after four is best for me|I am at home all day on Friday], if that can be arranged."),
        answers("Noted with the courier; he calls half an hour before.", then=RESOLVED),
        tags="exchange warehouse",
    ),
    scenario(
        "[Return of|I would like to return|Sending back] my {lamp} lamp",
        SUPPORT,
        asks(
            "The lamp is lovely, but [too large for my desk|it gives more light than we need in the bedroom]. I would "
            "like to send it back; the order is {order} and it came {days} days ago.\n\nWhat do I have to do, and "
            "[who pays the postage|how long does the refund take]?"
        ),
        answers(
            "No problem at all: you have 30 days. Please\n\n1. put the lamp with its cable back into its box,\n2. "
            "stick on the attached label,\n3. hand it in at any parcel point.\n\nThe postage is ours. The money is "
            "back on your card within five working days after the box reaches us.",
            file="invoice",
        ),
        asks("Handed it in today, the receipt says {serial}."),
        notes("Return {serial} announced, refund {amount} after the check in the warehouse."),
        answers("Thank you. Your lamp has arrived and {amount} are on their way to your card.", then=RESOLVED),
        tags="return refund",
    ),
    scenario(
        "[Change of address|Please change the delivery address] for {order}",
        SUPPORT,
        asks(
            "I [have just ordered|placed an order an hour ago] ({order}) and only now see that it goes to my old "
            "address. Can it still go to [14 Mill Lane|27 Station Road|3 Harbour Street] in {city} instead?"
        ),
        answers("Just in time: it is packed but had not left. The new address is on the label now.", then=RESOLVED),
        asks("Wonderful, thank you!"),
        sets(RESOLVED),
        tags="delivery",
        priority=HIGH,
    ),
    scenario(
        "[Lamp arrived broken|Broken glass|Damaged parcel], {order}",
        SUPPORT,
        asks(
            "Unfortunately the {lamp} [came broken|is cracked right across the shade]. The box [looked fine from "
            "outside|was already dented on one corner]. See the pictures. It was meant as a present for "
            "[Saturday|this weekend]…",
            file="photo",
        ),
        remarks("Third one from the same pallet this week. I have told the warehouse to check the rest."),
        answers(
            "What a pity, and before a birthday of all times. A new one leaves today by express so that it is there "
            "in time. Please do not send the broken one back; glass belongs in the bin, not in the post."
        ),
        asks("That is very kind. [Fingers crossed!|I will let you know.]"),
        asks_later("It is here and whole. You saved the party."),
        sets(RESOLVED),
        tags="damage delivery",
        priority=HIGH,
    ),
    scenario(
        "Hub 2 [does not come online|is offline|cannot find the Wi-Fi] [after changing the router|since yesterday]",
        TECHNICAL,
        asks(
            "Since we have a new router the Hub 2 [blinks orange|stays offline in the app]. I tried to restart it "
            "[three times|twice] and moved it right next to the router. The serial number is {serial}.\n\nAll lamps "
            "are dead in the app now, only the wall switches still work."
        ),
        notes("Probably the combined 2.4/5 GHz network. Firmware {version}, so the fix from last month is not on it."),
        answers(
            "The orange blinking means that the hub still looks for the old network. Please hold the small button on "
            "the back for eight seconds until it turns blue, then choose “Add hub” in the app. [If the router has one "
            "name for both bands, switch 5 GHz off for these two minutes.|Stay on the 2.4 GHz network while you do "
            "it.]"
        ),
        asks("It turned blue, but then the app says “Could not join (17)”. Screenshot attached.", file="screenshot"),
        remarks("17 is WPA3-only. They have to allow WPA2 as well, or take {version} by cable first."),
        answers(
            "Thank you, that number tells it all: your router takes WPA3 only. Please set the security to “WPA2/WPA3” "
            "in the router and try once more."
        ),
        asks("That was it, everything is back. I would never have found that by myself."),
        sets(RESOLVED),
        tags="hub wifi",
    ),
    scenario(
        "{lamp} [flickers at low brightness|flickers when dimmed]",
        TECHNICAL,
        asks(
            "My {lamp} flickers as soon as I dim it below [20|15] percent. At full brightness all is well. It began "
            "[after the last update|about a week ago]. [Is there a way to go back to the older version?|I have two of "
            "them and both do it.]"
        ),
        answers(
            "Thank you for the clear description. This came with firmware {version} and is mended in the one after "
            "it. Could you tell me the number under Settings → About, so that I can push it to your lamp?"
        ),
        asks("It says {version}, serial {serial}."),
        notes("Pushed the beta channel to {serial}. Please look tomorrow whether it took it."),
        answers(
            "The new version is on its way to your lamp; it installs by itself tonight. Would you dim it tomorrow?",
            then=OPEN,
        ),
        asks("No flickering any more, not even at one percent."),
        sets(RESOLVED),
        tags="firmware lamp",
    ),
    scenario(
        "App [crashes|closes by itself] [when I open Scenes|on the Scenes page]",
        TECHNICAL,
        asks(
            "Whenever I tap on Scenes the app closes. [Phone restarted, app installed anew, no change.|It worked "
            "until Sunday.] Version {version} on [Android 15|an iPhone 14|a Pixel 8]. The log that the app offered me "
            "is attached.",
            file="log",
        ),
        remarks("Known: scenes with more than 50 lamps. Fix is in review, release planned for next week."),
        answers(
            "You have met a bug of ours: a scene with very many lamps makes the app stumble. The correction is "
            "written and comes with the next version. Until then the scenes can be started from the hub's button or "
            "by voice.\n\nI keep this open and write to you on the day of the release.",
            then=ON_HOLD,
        ),
        tags="app bug",
    ),
    scenario(
        "Schedules [an hour late|run one hour late|do not keep the time]",
        TECHNICAL,
        asks(
            "All my schedules [run exactly an hour late|are an hour off]: the porch light should come on at six and "
            "does so at seven. The clock on my phone is right. [Nothing was changed by me.|We only moved the hub to "
            "another room.]"
        ),
        answers(
            "The hub keeps its own clock. Please look at Settings → Hub → Time zone in the app: is your city there, "
            "or “UTC+1”? A fixed offset does not follow summer and winter time."
        ),
        asks("It said UTC+1. I have set it to {city} and now all is right. [Embarrassing!|Thanks.]"),
        answers("Not at all, we should say so in the app. I have passed it on.", then=RESOLVED),
        tags="hub schedule",
        priority=LOW,
    ),
    scenario(
        "Lynx sensor: [battery empty after two weeks|eats batteries]",
        TECHNICAL,
        asks(
            "The motion sensor in our [hallway|stairwell] needs a new battery every two weeks, the manual says two "
            "years. The other [three|four] are fine. Serial {serial}."
        ),
        answers("Is there anything that moves in front of it all day: a tree, a street, a fish tank?"),
        asks("[Ha. The street, through the glass door.|Well… there is a cat.] Could that be it?"),
        answers(
            "It could! Each time it wakes up it costs a little. Please set the sensitivity to “low” in the app and "
            "turn it away from the glass a bit. A new battery is in the post to you, with our greetings.",
            then=RESOLVED,
        ),
        tags="sensor",
    ),
    scenario(
        "[Pairing with Matter fails|Cannot add {lamp} by Matter|Matter code not accepted]",
        TECHNICAL,
        asks(
            "I try to add the {lamp} to my smart home with the Matter code on its foot. It [says the code was used "
            "already|stops at “connecting” and gives up after a minute]. [The lamp was bought second-hand.|It did "
            "work in your own app.]"
        ),
        answers(
            "The lamp can be handed on to other systems, but it must be invited first: in our app, open the lamp → "
            "Share → “New Matter code”. It is good for 15 minutes. The printed one works only for the very first time."
        ),
        asks("Works with the fresh code. Please print that on the box!"),
        sets(RESOLVED),
        tags="matter lamp",
    ),
    scenario(
        "[Charged twice|Two payments|Double charge] for {order}",
        BILLING,
        asks(
            "There are two charges of {amount} on my card ending {card} for [the same order|one order], {order}. "
            "[Please return one of them.|I placed it only once.]",
            file="screenshot",
        ),
        notes("One is captured, one is only a reservation from the first try (3-D Secure aborted)."),
        answers(
            "I understand the fright. Only one of the two is a payment; the other is a reservation from the first "
            "try, when your bank's confirmation was not finished. I have released it. Depending on the bank it is "
            "gone from your list in [one to three|two to five] days."
        ),
        asks("It has vanished from the list today, thanks for explaining."),
        sets(RESOLVED),
        tags="payment",
        priority=HIGH,
    ),
    scenario(
        "Invoice [with VAT number|in the company's name] for {order}",
        BILLING,
        asks(
            "[Our accountant needs|We need] an invoice for {order} made out to {company} with our VAT number {vat}. "
            "The one in the shop shows only my own name."
        ),
        answers(
            "Of course. The new invoice {invoice} is attached, the earlier one is void.",
            then=RESOLVED,
            file="invoice",
        ),
        tags="invoice",
    ),
    scenario(
        "[Cancel|Please cancel|How do I cancel] Northlight Plus[| from next month]",
        BILLING,
        asks(
            "I would like to cancel Northlight Plus. [We only used it for the holiday simulation.|With two lamps it "
            "is not worth it for me.] I cannot find the place in the app where that is done."
        ),
        answers(
            "Done: your subscription ends on {until} and nothing is charged after that. All lamps, scenes and "
            "schedules stay as they are; only the history older than a week goes. By the way: Settings → Plus → “End "
            "it” does the same.",
            then=RESOLVED,
        ),
        asks("Thank you for making it so simple."),
        sets(RESOLVED),
        tags="plus cancellation",
    ),
    scenario(
        "[Payment failed|Card declined|Cannot pay for] Northlight Plus",
        BILLING,
        asks(
            "I got a mail that the payment for Plus failed. The card ending {card} is [valid and has money on it|new, "
            "the old one ran out]. Will my [camera light|holiday] scenes stop working now?"
        ),
        answers(
            "Nothing stops: there are 14 days before anything happens. The bank answered “authentication needed”. "
            "Please open Settings → Plus → Payment and confirm the card once; your bank will ask you for it."
        ),
        is_away(),
        asks("Confirmed, it shows as paid now."),
        sets(RESOLVED),
        tags="plus payment",
    ),
    scenario(
        "[Cannot sign in|Password mail does not arrive|Locked out of my account]",
        SUPPORT,
        asks(
            "I forgot my password and asked for a new one [three times|twice], but [no mail comes|nothing arrives], "
            "not even in the spam folder. The address is the one I write from."
        ),
        asks_twice("I still cannot get into my account, there is no mail for a new password. Is anybody there?"),
        notes("Account exists under an older address (bounced since last spring). Identity checked by order {order}."),
        answers(
            "Your account still had an older address of yours, so the mails went there. You told us the number of "
            "your last order, so I have put in the present one. Please ask for the new password once more."
        ),
        asks("Now it came at once. Thank you."),
        sets(RESOLVED),
        tags="account",
    ),
    scenario(
        "[Quote for {count} lamps|Offer for our office, {count} lamps]",
        SUPPORT,
        asks(
            "We are furnishing a new floor and think of {count} {lamp} lamps, [two hubs|three hubs] and some sensors. "
            "The list is attached. Can you make us an offer, and is delivery [to {city}|in two parts] possible?\n\nWe "
            "would need it by [the end of the month|{until}].",
            file="list",
        ),
        moves(BILLING, "Business offer, please; over 20 pieces, so 12 % and net 30."),
        answers(
            "With pleasure. Attached is our offer {invoice}: 12 % off the list, delivery free of charge, payment "
            "within 30 days. We keep the goods for you until {until}.",
            file="invoice",
        ),
        asks("Thank you, that looks good. I take it to our board on Tuesday."),
        answers("Take your time, the offer stands. I will ask again in two weeks.", then=ON_HOLD),
        tags="business offer",
    ),
    scenario(
        "[A wish|An idea|Suggestion]: [sunrise by season|sunrise scene that follows the season]",
        SUPPORT,
        asks(
            "I love the sunrise scene of the {lamp}. It would be even better if it followed the real sunrise over the "
            "year. [Just an idea!|Is that planned?] My children agree."
        ),
        answers(
            "What a nice idea, and you are not the only one: it is on the list for spring. I have added your voice "
            "(and the children's) to it.",
            then=RESOLVED,
        ),
        tags="idea",
        priority=LOW,
    ),
    scenario(
        "[Refund has not arrived|Where is my refund], {order}",
        SUPPORT,
        asks(
            "I sent my {lamp} back [three weeks|almost a month] ago (order {order}) and there is still no refund of "
            "{amount}. The tracking says that you received it on {date}. [I find this rather long.|Please do "
            "something.]"
        ),
        moves(BILLING, "Return checked in on {date}, refund was never triggered. Could you, please?"),
        notes("The refund was stuck: card {card} expired in between. Sent as a bank transfer instead."),
        answers(
            "You are right to ask, and I am sorry. The refund went to your old card and came back to us. If you tell "
            "me an account number by answering this mail, you have the money the day after tomorrow."
        ),
        asks("The account is with my bank in {city}: GB00 NRTH {card} {card} {card}. Thank you for looking after it."),
        answers("Sent today: {amount}, reference {invoice}.", then=RESOLVED),
        tags="refund",
        priority=URGENT,
    ),
    scenario(
        "[Whole floor dark|All lights out] at [the hotel|our office] – urgent",
        TECHNICAL,
        asks(
            "None of the {count} lamps on our second floor [answers|reacts] since [this morning|half an hour ago]. "
            "The hub (serial {serial}) shows a red light. We have guests! Please call or write as soon as you can."
        ),
        remarks(
            "Hub lost its certificate when the disk was full, same as at the other site. Remote reset is possible.",
        ),
        answers(
            "We see your hub; it has run out of storage and refuses commands. I am resetting it from here, please do "
            "not unplug it. Give it five minutes.",
            then=OPEN,
        ),
        asks("They are coming back, one after the other. What a relief."),
        answers(
            "All {count} are online. We have also cleared the old recordings that filled the hub, and put an alarm on "
            "it so that we know before you do the next time.",
            then=RESOLVED,
        ),
        tags="hub outage business",
        priority=URGENT,
    ),
)
