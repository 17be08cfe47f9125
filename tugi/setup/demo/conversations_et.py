"""Estonian conversations."""

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
        "[Kus on minu tellimus|Tellimus pole saabunud:|Küsimus tellimuse kohta:] {order}",
        SUPPORT,
        asks(
            "[Tellisin teilt|{date} tellisin teilt] lambi {lamp}, tellimuse number on {order}. Lubatud oli [kaks-kolm "
            "päeva|tarne nädala lõpuks], möödas on juba {days} päeva ja saadetise olek on endiselt „üle antud "
            "vedajale“.\n\n[Kas saaksite uurida, kus see on?|Palun aidake see üles leida.]"
        ),
        notes("Pakk on vedaja käes ({city}), üks skannimine jäi vahele. Palusin tarnepäeva kinnitada."),
        answers(
            "Vabandame ootamise pärast. {city} sorteerimiskeskuses jäi pakk skannimata, sellepärast olek ei "
            "muutunudki. Pakiga on kõik korras ja [see tuuakse homme enne kella kuut|kuller toob selle homme, "
            "helistades ette].\n\nKui seda homseks ei ole, vastake lihtsalt sellele kirjale ja saadame samal päeval "
            "uue."
        ),
        asks_later("[Täna hommikul jõudis kohale|Pakk on käes], kõik on terve. Aitäh kiire abi eest!"),
        sets(RESOLVED),
        tags="delivery",
    ),
    scenario(
        "[Lamp jõudis katkisena|Katkine kuppel|Kahjustatud pakk], tellimus {order}",
        SUPPORT,
        asks(
            "Kahjuks on {lamp} [kogu kupli ulatuses mõranenud|tulnud kohale katkisena]. Karp [oli väljast terve|oli "
            "ühest nurgast mõlkis]. Lisan pildid. See pidi olema kingitus [ema juubeliks|laupäevaseks "
            "soolaleivapeoks]…",
            file="photo",
        ),
        remarks("Sel nädalal juba kolmas samalt aluselt. Ladu on hoiatatud, vaatavad ülejäänud üle."),
        answers(
            "Kui kahju, ja veel enne tähtpäeva! Uus lamp läheb täna kiirkulleriga teele, et see õigeks ajaks kohal "
            "oleks. Katkist tagasi saata ei ole vaja, olge ainult kildudega ettevaatlik."
        ),
        asks("Väga kena teist. [Annan teada.|Hoiame pöialt!]"),
        asks_later("Lamp jõudis õigeks ajaks ja tervena. Päästsite meie peo."),
        sets(RESOLVED),
        tags="damage delivery",
        priority=HIGH,
    ),
    scenario(
        "[Lambi tagastamine|Soovin lambi tagastada|Kuidas tagastada]: {lamp}",
        SUPPORT,
        asks(
            "Lamp on ilus, aga [meie kööki liiga hele|ei mahu lauale ära]. Soovin selle tagastada, tellimus {order}, "
            "saabus {days} päeva tagasi. Mida ma tegema pean ja [kes maksab saatmise eest|millal raha tagasi tuleb]?"
        ),
        answers(
            "Muidugi, tagastamiseks on aega 30 päeva. Palun\n\n1. pange lamp koos juhtmega karpi,\n2. kleepige peale "
            "manuses olev silt,\n3. viige pakk ükskõik millisesse pakiautomaati.\n\nSaatmise maksame meie. Raha jõuab "
            "kaardile viie tööpäeva jooksul pärast seda, kui pakk on meie juures.",
            file="invoice",
        ),
        asks("Viisin täna ära, kviitungil on number {serial}."),
        answers("Aitäh! Lamp on meil käes ja {amount} on teie kaardile teel.", then=RESOLVED),
        tags="return refund",
    ),
    scenario(
        "Hub 2 [ei ühendu Wi-Fi-ga|ei leia võrku|pole võrgus] [pärast ruuteri vahetust|eilsest saadik]",
        TECHNICAL,
        asks(
            "Vahetasime ruuteri ja nüüd Hub 2 [vilgub oranžilt|on rakenduses „ühenduseta“]. Taaskäivitasin seda "
            "[kaks|kolm] korda ja panin otse ruuteri kõrvale. Seerianumber on {serial}.\n\nLampe saab praegu sisse "
            "lülitada ainult seinalülitist."
        ),
        answers(
            "Oranž vilkumine tähendab, et keskseade otsib veel vana võrku. Hoidke tagaküljel olevat väikest nuppu "
            "kaheksa sekundit all, kuni tuli läheb siniseks, ja valige rakenduses „Lisa keskseade“. [Kui ruuteril on "
            "mõlemal sagedusel sama nimi, lülitage 5 GHz nendeks minutiteks välja.|Telefon peab selle ajal olema 2,4 "
            "GHz võrgus.]"
        ),
        asks("Siniseks läks, aga rakendus ütleb „Ühendamine ebaõnnestus (17)“. Lisan ekraanipildi.", file="screenshot"),
        remarks("17 = ruuter lubab ainult WPA3. Lubagu ka WPA2 või uuendagu kaabliga versioonile {version}."),
        answers(
            "Aitäh, see number ütleb kõik: teie ruuter lubab ainult WPA3. Valige selle seadetes „WPA2/WPA3“ ja "
            "proovige palun uuesti."
        ),
        asks("See oligi, kõik töötab jälle. Ise poleks küll selle peale tulnud."),
        sets(RESOLVED),
        tags="hub wifi",
    ),
    scenario(
        "{lamp} [vilgub hämaras|väreleb, kui valgust vähendan]",
        TECHNICAL,
        asks(
            "Minu {lamp} hakkab vilkuma kohe, kui valgus on alla [20|15] protsendi. Täisvalgusega on kõik korras. See "
            "algas [pärast viimast uuendust|umbes nädal tagasi]. [Kas vana versiooni saaks tagasi?|Mul on neid kaks "
            "ja mõlemad teevad nii.]"
        ),
        answers(
            "Aitäh täpse kirjelduse eest. See viga tuli versiooniga {version} ja järgmises on see parandatud. Kas "
            "ütleksite, mis number on kirjas kohas Seaded → Teave?"
        ),
        asks("Seal on {version}, seerianumber {serial}."),
        notes("Panin {serial} beetakanalile. Homme vaadata, kas uuendus paigaldus."),
        answers("Uus versioon paigaldub öösel iseenesest. Palun proovige homme uuesti hämaramat valgust.", then=OPEN),
        asks("Enam ei vilgu, isegi ühe protsendi peal mitte."),
        sets(RESOLVED),
        tags="firmware lamp",
    ),
    scenario(
        "Rakendus [jookseb kokku|sulgub ise|läheb kinni], kui avan stseenid",
        TECHNICAL,
        asks(
            "Niipea kui avan „Stseenid“, läheb rakendus kinni. [Paigaldasin uuesti, ei aidanud.|Pühapäevani kõik "
            "töötas.] Versioon {version}, telefonis on [Android 15|iOS 18]. Rakendus pakkus logi, panin selle kaasa.",
            file="log",
        ),
        remarks("Teada viga: üle 50 lambiga stseen. Parandus on ülevaatusel, väljalase järgmisel nädalal."),
        answers(
            "Leidsite meie vea: väga paljude lampidega stseen ajab rakenduse segadusse. Parandus on valmis ja tuleb "
            "järgmise versiooniga; seni saab stseene käivitada keskseadme nupust või häälega.\n\nJätan pöördumise "
            "avatuks ja kirjutan teile väljalaske päeval.",
            then=ON_HOLD,
        ),
        tags="app bug",
    ),
    scenario(
        "Lynxi andur [tühjendab patarei kahe nädalaga|vajab pidevalt uut patareid]",
        TECHNICAL,
        asks(
            "Meie [koridori|trepikoja] liikumisandur tahab iga kahe nädala tagant uut patareid, juhendi järgi peaks "
            "see kestma kaks aastat. Ülejäänud [kolmega|neljaga] on kõik hästi. Seerianumber {serial}."
        ),
        answers("Ega selle ees ei ole midagi, mis kogu päeva liigub: tänav, puu, akvaarium?"),
        asks("[On küll: klaasuks tänava poole.|Noh… meil on kass.] Kas asi võib olla selles?"),
        answers(
            "Võib küll! Iga ärkamine võtab natuke patareid. Pange rakenduses tundlikkus väikeseks ja keerake andurit "
            "veidi kõrvale. Uus patarei on teile juba postiga teel, meie poolt.",
            then=RESOLVED,
        ),
        tags="sensor",
        priority=LOW,
    ),
    scenario(
        "[Raha võeti kaks korda|Topeltmakse|Kaks makset], tellimus {order}",
        BILLING,
        asks(
            "Minu kaardilt, mille lõpp on {card}, võeti sama tellimuse {order} eest kaks korda {amount}. [Palun "
            "kandke üks tagasi.|Tellisin ainult ühe korra.]",
            file="screenshot",
        ),
        notes("Üks on makse, teine ainult broneering esimesest katsest (3-D Secure jäi pooleli)."),
        answers(
            "Mõistan teie ehmatust. Makse on ainult üks; teine on broneering esimesest katsest, kui panga kinnitus "
            "jäi pooleli. Vabastasin selle ja olenevalt pangast kaob see [ühe kuni kolme|kahe kuni viie] päevaga."
        ),
        asks("Täna on see kadunud. Aitäh selgituse eest."),
        sets(RESOLVED),
        tags="payment",
        priority=HIGH,
    ),
    scenario(
        "[Arve ettevõtte nimele|Palun arvet KMKR numbriga|Arve vormistamine], {order}",
        BILLING,
        asks(
            "[Raamatupidaja palub|Vajame] tellimuse {order} eest arvet, saaja {company}, käibemaksukohustuslase "
            "number {vat}. Poest tuli arve ainult minu nimele."
        ),
        answers("Tehtud: uus arve {invoice} on manuses, eelmine on tühistatud.", then=RESOLVED, file="invoice"),
        is_away(),
        tags="invoice",
    ),
    scenario(
        "[Northlight Plusi lõpetamine|Soovin lõpetada Northlight Plusi|Plusi tellimusest loobumine]",
        BILLING,
        asks(
            "Soovin Northlight Plusist loobuda, [vajasin seda ainult puhkuse ajaks|kahe lambi jaoks ei tasu see ära]. "
            "Rakendusest ei leidnud ma, kus seda teha saab."
        ),
        answers(
            "Tehtud: tellimus kehtib kuni {until} ja rohkem raha ei võeta. Lambid, stseenid ja ajakavad jäävad alles. "
            "Teadmiseks: Seaded → Plus → Lõpeta.",
            then=RESOLVED,
        ),
        asks("Aitäh, et see nii lihtne oli."),
        sets(RESOLVED),
        tags="plus cancellation",
    ),
    scenario(
        "[Ei saa sisse logida|Parooli kiri ei tule|Konto on lukus]",
        SUPPORT,
        asks(
            "Unustasin parooli ja küsisin uut [kaks|kolm] korda, aga kirja ei tule, rämpspostis ka ei ole. Aadress on "
            "sama, millelt kirjutan."
        ),
        asks_twice("Kirjutan uuesti: kontole ikka ei pääse ja parooli kirja ei ole. Kas keegi loeb seda?"),
        notes("Konto on vanal aadressil, kirjad tulevad sealt kevadest saati tagasi. Isik kinnitatud: {order}."),
        answers(
            "Teie kontol oli varasem aadress ja kirjad läksid sinna. Viimase tellimuse numbri järgi veendusime, et "
            "see olete teie, ja panime kirja praeguse aadressi. Palun küsige parooli veel üks kord."
        ),
        asks("Nüüd tuli kiri kohe. Suur tänu!"),
        sets(RESOLVED),
        tags="account",
    ),
    scenario(
        "[Raha pole tagasi tulnud|Kus on tagasimakse|Ootan tagasimakset], {order}",
        SUPPORT,
        asks(
            "Saatsin lambi {lamp} tagasi [kolm nädalat|peaaegu kuu] aega tagasi (tellimus {order}), aga {amount} ei "
            "ole siiani laekunud. Jälgimise järgi saite paki kätte {date}. [See võtab minu meelest liiga kaua.|Palun "
            "lahendage see ära.]"
        ),
        moves(BILLING, "Tagastus on {date} vastu võetud, aga tagasimakse jäi tegemata. Palun vaadake."),
        notes("Makse jäi kinni: kaart {card} on aegunud. Teeme pangaülekandega."),
        answers(
            "Teil on õigus ja mul on kahju. Makse läks teie vanale kaardile ja tuli meile tagasi. Saatke vastuseks "
            "kontonumber ja ülehomme on raha teil."
        ),
        asks("Konto on EE00 NRTH {card} {card}. Aitäh, et asja käsile võtsite."),
        answers("Saatsime täna {amount}, makse selgitus {invoice}.", then=RESOLVED),
        tags="refund",
        priority=URGENT,
    ),
)
