"""Romanian conversations."""

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
        "[Unde este comanda|Nu a ajuns comanda|Nicio veste despre comanda] {order}",
        SUPPORT,
        asks(
            "[Am comandat|Pe {date} am comandat] de la dumneavoastră o lampă {lamp}, comanda {order}. Pe site scria "
            "[două-trei zile|livrare până la sfârșitul săptămânii], au trecut deja {days} zile, iar coletul apare tot "
            "„predat curierului”.\n\n[Puteți afla unde este?|Mă puteți ajuta, vă rog?]"
        ),
        notes("Coletul e la curier în {city}, a scăpat o scanare. Am cerut ziua livrării."),
        answers(
            "Ne cerem scuze pentru așteptare. Curierul nu a scanat coletul la depozitul din {city}, de aceea starea "
            "nu s-a schimbat. Coletul este în regulă și [ajunge mâine până la ora 18|pleacă mâine dimineață spre "
            "dumneavoastră].\n\nDacă totuși nu ajunge, răspundeți la acest mesaj și trimitem altul în aceeași zi."
        ),
        asks_later("[A ajuns azi dimineață|L-am primit], totul este întreg. Mulțumesc pentru rapiditate!"),
        sets(RESOLVED),
        tags="delivery",
    ),
    scenario(
        "[Lampa a ajuns spartă|Colet deteriorat|Abajur spart], comanda {order}",
        SUPPORT,
        asks(
            "Din păcate, lampa {lamp} [a ajuns crăpată de la un capăt la altul|a venit cu abajurul spart]. Cutia [pe "
            "dinafară arăta bine|era deja lovită într-un colț]. Atașez fotografii. Era un cadou pentru [ziua mamei, "
            "sâmbătă|casa nouă a surorii mele]…",
            file="photo",
        ),
        remarks("A treia de pe același palet săptămâna asta. Am anunțat depozitul să le verifice pe celelalte."),
        answers(
            "Ce păcat, tocmai înainte de o sărbătoare! Trimitem astăzi una nouă prin curier rapid, ca să ajungă la "
            "timp. Pe cea spartă nu trebuie să o returnați; vă rugăm doar să aveți grijă la cioburi."
        ),
        asks("Sunteți foarte amabili. [Vă dau de veste.|Ținem pumnii!]"),
        asks_later("A ajuns la timp și întreagă. Ați salvat petrecerea."),
        sets(RESOLVED),
        tags="damage delivery",
        priority=HIGH,
    ),
    scenario(
        "[Culoare greșită|Am primit altă lampă|Nu este ce am comandat], comanda {order}",
        SUPPORT,
        asks(
            "Astăzi a venit coletul, dar înăuntru este o lampă {lamp} albă, iar eu [am comandat una neagră|în comandă "
            "am ales negru]. Atașez o poză cu eticheta. [Nu am pornit-o.|Cutia este desfăcută, lampa nefolosită.] Cum "
            "procedăm?",
            file="photo",
        ),
        answers(
            "Este greșeala noastră, ne pare rău! Lampa neagră pleacă astăzi din depozit, iar curierul o ia pe cea "
            "albă la aceeași vizită. Nu aveți nevoie de etichetă și nici de drum la poștă."
        ),
        asks("Perfect. [Joi după ora 16 îmi convine cel mai bine.|Vineri sunt toată ziua acasă.]"),
        answers("Am notat la curier; sună cu jumătate de oră înainte.", then=RESOLVED),
        tags="exchange warehouse",
    ),
    scenario(
        "Hub 2 [nu se conectează la Wi-Fi|nu găsește rețeaua|apare offline] [după schimbarea routerului|de ieri]",
        TECHNICAL,
        asks(
            "De când avem un router nou, Hub 2 [clipește portocaliu|apare offline în aplicație]. L-am repornit [de "
            "două ori|de trei ori] și l-am pus chiar lângă router. Seria este {serial}.\n\nLămpile nu mai răspund din "
            "aplicație, doar de la întrerupător."
        ),
        answers(
            "Portocaliul înseamnă că hubul caută încă rețeaua veche. Țineți apăsat butonul mic din spate opt secunde, "
            "până devine albastru, apoi alegeți „Adaugă hub” în aplicație. [Dacă routerul are un singur nume pentru "
            "ambele benzi, opriți 5 GHz în aceste două minute.|Telefonul trebuie să fie în rețeaua de 2,4 GHz.]"
        ),
        asks(
            "S-a făcut albastru, dar aplicația spune „Conectarea nu a reușit (17)”. Atașez captura de ecran.",
            file="screenshot",
        ),
        remarks("17 = router numai cu WPA3. Să permită și WPA2 sau să treacă prin cablu la {version}."),
        answers(
            "Mulțumim, numărul acesta lămurește totul: routerul acceptă numai WPA3. Alegeți în setările lui "
            "„WPA2/WPA3” și încercați din nou, vă rog."
        ),
        asks("Asta era, merge totul. Singur{a} nu aș fi găsit niciodată."),
        sets(RESOLVED),
        tags="hub wifi",
    ),
    scenario(
        "{lamp} [pâlpâie la lumină slabă|pâlpâie când reduc lumina]",
        TECHNICAL,
        asks(
            "Lampa {lamp} pâlpâie imediat ce o reglez sub [20|15] la sută. La lumină plină este bine. A început [după "
            "ultima actualizare|acum vreo săptămână]. [Se poate reveni la versiunea veche?|Am două și amândouă fac la "
            "fel.]"
        ),
        answers(
            "Vă mulțumim pentru descrierea clară. Este o eroare din versiunea {version}, corectată în următoarea. Ne "
            "scrieți, vă rog, ce versiune apare la Setări → Despre?"
        ),
        asks("Scrie {version}, seria {serial}."),
        notes("Am trecut {serial} pe canalul beta. De verificat mâine dacă s-a instalat."),
        answers(
            "Versiunea nouă se instalează singură la noapte. Încercați mâine lumina slabă și spuneți-ne cum este.",
            then=OPEN,
        ),
        asks("Nu mai pâlpâie deloc, nici la unu la sută."),
        sets(RESOLVED),
        tags="firmware lamp",
    ),
    scenario(
        "Programările [pornesc cu o oră mai târziu|întârzie o oră]",
        TECHNICAL,
        asks(
            "Toate programările [se execută cu exact o oră întârziere|sunt decalate cu o oră]: lumina de la intrare "
            "ar trebui să se aprindă la șase și se aprinde la șapte. Ceasul telefonului este corect. [Nu am schimbat "
            "nimic.|Am mutat doar hubul în altă cameră.]"
        ),
        answers(
            "Hubul are ceasul lui. Vă rugăm să vă uitați la Setări → Hub → Fus orar: apare orașul dumneavoastră sau "
            "„UTC+1”? Un decalaj fix nu ține cont de ora de vară."
        ),
        asks("Era UTC+1. Am ales orașul și acum e bine. [Ce simplu!|Mulțumesc.]"),
        answers("Ne bucurăm! Ar trebui să spună aplicația asta; am transmis colegilor.", then=RESOLVED),
        tags="hub schedule",
        priority=LOW,
    ),
    scenario(
        "Aplicația [se închide singură|se blochează la Scene|cade la deschiderea Scenelor]",
        TECHNICAL,
        asks(
            "Când apăs pe Scene, aplicația se închide. [Am reinstalat-o, degeaba.|Până duminică a mers.] Versiunea "
            "{version}, pe [Android 15|iPhone 14]. Atașez jurnalul pe care mi l-a oferit aplicația.",
            file="log",
        ),
        remarks("Cunoscut: scene cu peste 50 de lămpi. Corecția e în verificare, apare săptămâna viitoare."),
        answers(
            "Ați dat peste o eroare a noastră: scenele cu foarte multe lămpi încurcă aplicația. Corecția este scrisă "
            "și vine cu versiunea următoare; până atunci, scenele pot fi pornite de la butonul hubului sau prin "
            "voce.\n\nLăsăm solicitarea deschisă și vă scriem în ziua lansării.",
            then=ON_HOLD,
        ),
        tags="app bug",
    ),
    scenario(
        "[Plată dublă|Am fost debitat{a} de două ori|Două plăți] pentru {order}",
        BILLING,
        asks(
            "De pe cardul care se termină în {card} s-au luat de două ori {amount} pentru aceeași comandă, {order}. "
            "[Vă rog să returnați una.|Am comandat o singură dată.]",
            file="screenshot",
        ),
        notes("Una e încasată, cealaltă doar rezervată la prima încercare (3-D Secure întrerupt)."),
        answers(
            "Înțelegem neliniștea. Doar una este o plată; cealaltă este o rezervare de la prima încercare, când "
            "confirmarea băncii nu s-a încheiat. Am eliberat-o și, în funcție de bancă, dispare în [una până la "
            "trei|două până la cinci] zile."
        ),
        asks("Astăzi a dispărut din extras. Mulțumesc pentru explicație."),
        sets(RESOLVED),
        tags="payment",
        priority=HIGH,
    ),
    scenario(
        "[Factură pe firmă|Factură cu CUI|Avem nevoie de factură] pentru {order}",
        BILLING,
        asks(
            "[Contabilitatea ne cere|Avem nevoie de] o factură pentru comanda {order}, pe {company}, cod fiscal "
            "{vat}. Cea din magazin este doar pe numele meu."
        ),
        answers("Sigur. Factura nouă {invoice} este atașată, cea veche a fost anulată.", then=RESOLVED, file="invoice"),
        is_away(),
        tags="invoice",
    ),
    scenario(
        "[Ofertă pentru {count} lămpi|Cerere de ofertă, {count} lămpi]",
        SUPPORT,
        asks(
            "Amenajăm un etaj nou și ne gândim la {count} lămpi {lamp}, [două huburi|trei huburi] și câțiva senzori. "
            "Lista este atașată. Ne puteți face o ofertă, cu livrare [în {city}|în două tranșe]?\n\nAm avea nevoie de "
            "ea până [la sfârșitul lunii|pe {until}].",
            file="list",
        ),
        moves(BILLING, "Ofertă pentru firmă, vă rog; peste 20 de bucăți, deci 12 % și plata la 30 de zile."),
        answers(
            "Cu plăcere. Atașăm oferta {invoice}: 12 % reducere, livrare gratuită, plata la 30 de zile. Păstrăm "
            "produsele rezervate până pe {until}.",
            file="invoice",
        ),
        asks("Mulțumim, arată bine. O prezint conducerii marți."),
        answers("Nicio grabă, oferta rămâne valabilă. Revenim peste două săptămâni.", then=ON_HOLD),
        tags="business offer",
    ),
    scenario(
        "[Nu mă pot conecta la cont|Nu primesc mesajul cu parola|Cont blocat]",
        SUPPORT,
        asks(
            "Am uitat parola și am cerut una nouă de [două|trei] ori, dar nu vine niciun mesaj, nici în spam. Adresa "
            "este cea de pe care vă scriu."
        ),
        asks_twice("Revin cu rugămintea: tot nu pot intra în cont și mesajul cu parola nu vine. Este cineva acolo?"),
        notes("Contul e pe o adresă veche (mesajele se întorc din primăvară). Identitate verificată prin {order}."),
        answers(
            "În cont era o adresă mai veche, acolo au plecat mesajele. Am verificat după numărul ultimei comenzi că "
            "sunteți dumneavoastră și am trecut adresa actuală. Mai cereți o dată parola, vă rog."
        ),
        asks("Acum a venit imediat. Mulțumesc frumos!"),
        sets(RESOLVED),
        tags="account",
    ),
    scenario(
        "[Nu am primit banii înapoi|Unde este rambursarea|Rambursare întârziată], {order}",
        SUPPORT,
        asks(
            "Am returnat lampa {lamp} acum [trei săptămâni|aproape o lună] (comanda {order}) și nici acum nu am "
            "primit cei {amount}. Conform curierului, ați primit coletul pe {date}. [Mi se pare prea mult.|Vă rog să "
            "rezolvați.]"
        ),
        moves(BILLING, "Returul a fost recepționat pe {date}, dar rambursarea nu a pornit. Vă uitați, vă rog?"),
        notes("Rambursarea a rămas blocată: cardul {card} a expirat. Facem transfer bancar."),
        answers(
            "Aveți dreptate și ne cerem scuze. Suma a plecat spre cardul vechi și s-a întors la noi. Trimiteți-ne un "
            "cont ca răspuns la acest mesaj și poimâine aveți banii."
        ),
        asks("Contul este RO00 NRTH {card} {card}. Vă mulțumesc că v-ați ocupat."),
        answers("Am trimis astăzi {amount}, referința {invoice}.", then=RESOLVED),
        tags="refund",
        priority=URGENT,
    ),
)
