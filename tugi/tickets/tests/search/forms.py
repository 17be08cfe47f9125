"""Words as they are looked for and as customers write them, written by hand for the desk's languages."""

from __future__ import annotations


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _, other in (pair.partition(":") for pair in text.split())]


FORMS: dict[str, list[tuple[str, str]]] = {
    "en": _pairs("""
        invoice:invoices payment:payments delivery:deliveries refund:refunded company:companies
        order:ordering cancel:cancelled subscription:subscriptions install:installing charge:charged
        address:addresses password:passwords delay:delayed reply:replied ship:shipping
        upgrade:upgrading battery:batteries crash:crashes connect:connecting attach:attached
        receive:receiving complaint:complaints warranty:warranties box:boxes customer:customers
        confirm:confirmed print:printing switch:switched expire:expired country:countries
        license:licenses choose:choosing report:reporting hotel:hotels activate:activated
        policy:policies stop:stopped update:updates request:requested missing:miss library:libraries
        sync:syncing mistake:mistakes fail:failed setting:settings account:accounts box:boxed
        register:registered transfer:transferring key:keys discount:discounted category:categories
    """),
    "ru": _pairs("""
        счёт:счета оплата:оплаты доставка:доставку возврат:возврата заказ:заказов пароль:паролем
        ошибка:ошибок письмо:писем платёж:платежи договор:договором карта:картой телефон:телефоне
        товар:товаров скидка:скидкой адрес:адреса курьер:курьером приложение:приложении
        подписка:подписки сотрудник:сотрудниками квитанция:квитанцию отменить:отменили
        оплатить:оплатил получить:получила работать:работает компания:компанией посылка:посылок
        день:дней новый:новая сломанный:сломанного окно:окон настройка:настройках
        обновление:обновлений друг:друзья цена:ценах вернуть:вернули гарантия:гарантии вход:входа
        вопрос:вопросы клиент:клиентов магазин:магазине сайт:сайтом деньги:деньгами
        проблема:проблему чек:чеков номер:номера документ:документами билет:билетов
        поддержка:поддержки коробка:коробок кнопка:кнопок ссылка:ссылок списать:списали
        заблокировать:заблокирована отправить:отправлено размер:размеров аккаунт:аккаунтом
        сервер:серверах устройство:устройств ответить:ответили зарядка:зарядок замена:замену
        бронирование:бронирования установить:установил красный:красного рубль:рублей
        перевод:переводом гость:гостей программа:программу почта:почту баланс:баланса тариф:тарифов
        деталь:деталей чехол:чехла ключ:ключи жалоба:жалобу реклама:рекламы услуга:услугой
        брак:браком экран:экрана память:памяти закрыть:закрыли звонить:звонил срочный:срочно
    """),
    "ro": _pairs("""
        factură:facturii factură:facturi plată:plăților livrare:livrarea livrare:livrării
        comandă:comenzi comandă:comenzilor parolă:parola parolă:parolele cont:contului cont:conturi
        telefon:telefonul eroare:erori eroare:erorile produs:produsele produs:produselor
        abonament:abonamentul abonament:abonamente adresă:adresei contract:contractului
        cerere:cererii garanție:garanției client:clienților card:cardului magazin:magazinelor
        scrisoare:scrisori rambursare:rambursarea anula:anulat plăti:plătit primi:primit carte:cărți
        preț:prețurile mașină:mașini întrebare:întrebări reducere:reduceri problemă:problemele
        problemă:probleme comandă:comanda colet:coletul colet:coletele curier:curierului bani:banii
        serviciu:servicii serviciu:serviciul ofertă:oferte ofertă:ofertei bilet:bilete
        aplicație:aplicația aplicație:aplicații utilizator:utilizatori utilizator:utilizatorului
        document:documentele număr:numărul număr:numere cameră:camere rezervare:rezervări
        rezervare:rezervarea zi:zile taxă:taxele retur:retururi retur:returul defect:defecte
        trimite:trimis schimba:schimbat instala:instalare poză:poze imprimantă:imprimantei
        culoare:culori mesaj:mesaje mesaj:mesajul sumă:sumei bancă:băncii ajutor:ajutorul
        setare:setările versiune:versiunea fișier:fișierele ecran:ecranului reclamație:reclamații
        termen:termenul vânzare:vânzări funcție:funcția oraș:orașului confirma:confirmat piesă:piese
    """),
    "et": _pairs("""
        arve:arveid arve:arvele makse:maksete tellimus:tellimuse tellimus:tellimused parool:parooli
        parool:paroolide leping:lepingut leping:lepingute raamat:raamatutest kohver:kohvrid
        klient:klientidele pakk:pakki pakk:pakid kaart:kaardi kaart:kaardiga hind:hinnad hind:hinna
        telefon:telefonile aadress:aadressi konto:kontolt pood:poes viga:veateade viga:vead
        leht:lehel raha:rahaga tarne:tarnest garantii:garantiiga toode:tooted toode:toodete
        tagastamine:tagastamise tühistama:tühistati maksma:maksin saatma:saadetud
        küsimus:küsimustele vastus:vastuseid seade:seadmed ostma:ostsin number:numbri
        kirjutama:kirjutasin töötama:töötab pank:panga kasutaja:kasutajanimi tellima:tellisin
        dokument:dokumendid teenus:teenuse teenus:teenused tellija:tellijale pilet:piletit
        pilet:piletid auto:autot laps:lapsed töötaja:töötajad ettevõte:ettevõtte ettevõte:ettevõtted
        ettemaks:ettemaksu pangakaart:pangakaardi kuller:kulleri kuller:kullerile saadetis:saadetise
        saadetis:saadetised rakendus:rakenduses probleem:probleemi probleem:probleemid
        süsteem:süsteemist luba:loa nädal:nädala kuupäev:kuupäeval uuendama:uuendasin
        vahetama:vahetada kuvama:kuvatakse muutma:muudetud lisa:lisad riik:riigi linn:linna
        haigla:haiglas broneering:broneeringu broneering:broneeringut ekraan:ekraani koht:koha
        sõber:sõbra teade:teate teade:teated summa:summat konto:kontode kiri:kirja kiri:kirjad
        versioon:versiooni müügiarve:müügiarvet allahindlus:allahindluse laadija:laadijat
        liitumine:liitumise tähtaeg:tähtajad kaup:kaubad kaup:kauba e-post:e-posti
        lepingutasu:lepingutasud uks:uksed
    """),
}
"""Looked for : stands in the message."""

STRANGERS: dict[str, list[tuple[str, str]]] = {
    "en": _pairs("""
        contract:contact invoice:invite accept:access charge:change order:ordinary delivery:delete
        refund:refuse price:print account:accident payment:paper company:compare support:suppose
        install:instead confirm:conflict address:admin customer:custard
    """),
    "ru": _pairs("""
        пароль:пара оплата:оплошность доставка:достоинство заказ:закат договор:догонять
        карта:картина товар:товарищ адрес:адвокат счёт:счастье письмо:писатель подписка:подпись
        приложение:прилавок возврат:возраст ошибка:ошейник получить:полуночь телефон:телевизор
    """),
    "ro": _pairs("""
        factură:facultate contract:contact comandă:comun livrare:librărie plată:platformă
        telefon:televizor produs:produce adresă:adevăr cerere:cercetare parolă:parte garanție:garaj
        client:climă reducere:redactare problemă:program magazin:magistrat card:cartof
    """),
    "et": _pairs("""
        arve:arvamus leping:lepatriinu raamat:raadio parool:parandus tellimus:tellis klient:kliima
        konto:kontsert kaart:kaaren telefon:televiisor aadress:aadel garantii:garaaž
        number:numismaatika küsimus:küsitav vastus:vastik pakk:pakane makse:maksimum
    """),
}
"""Different words that begin alike: looking for one must not find the other."""

CARRIERS = {
    "en": "Hello, I would like to ask about the following word in my letter: {word}. Thank you for your help.",
    "ru": "Здравствуйте, хочу спросить у вас про такое слово в моём сообщении: {word}. Спасибо за помощь.",
    "ro": "Bună ziua, aș dori să vă întreb despre următorul cuvânt din mesajul meu: {word}. Vă mulțumesc.",
    "et": "Tere päevast, soovin teilt midagi teada järgmise sõna kohta minu kirjas: {word}. Suur tänu teile.",
}
"""A message of each language around a word."""
