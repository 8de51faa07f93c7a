//! The page's fixed texts, in each language.

use crate::baseline::{ContextDependence, TcoType};
use crate::hash::Dihedral;
use crate::review::Language;
use crate::view::Kind;

macro_rules! words {
    ($($name:ident: $english:literal, $dutch:literal;)*) => {
        /// One text each.
        pub(super) struct Words {
            $(pub(super) $name: &'static str,)*
        }

        const ENGLISH: Words = Words { $($name: $english,)* };
        const DUTCH: Words = Words { $($name: $dutch,)* };
    };
}

words! {
    title: "Evidence for review", "Bewijs ter beoordeling";
    bar: "Restricted: not for the public", "Vertrouwelijk: niet voor het publiek";
    sensitive: "This page shows fingerprints of listed material. Keep it as you keep the list itself.",
        "Deze pagina toont vingerafdrukken van materiaal op de lijst. Bewaar haar zoals u de lijst zelf bewaart.";
    skip: "Skip to the content", "Naar de inhoud";
    intro: "A match informs the person who decides. It is not a legal finding: every case is assessed on its own, with its context.",
        "Een overeenkomst informeert wie beslist. Zij is geen juridisch oordeel: elk geval wordt op zichzelf beoordeeld, met zijn context.";
    written: "Written at", "Geschreven op";
    contents: "Contents", "Inhoud";
    upload: "Upload", "Upload";
    screened: "Screened at", "Onderzocht op";
    engine: "By ijkpunt", "Met ijkpunt";
    quality: "Detail, 0 to 100", "Detail, 0 tot 100";
    outcome_match: "Match", "Overeenkomst";
    outcome_none: "Nothing near was found in these lists. That does not make it lawful.",
        "In deze lijsten is niets gevonden dat erop lijkt. Daarmee is het nog niet rechtmatig.";
    outcome_undecided: "Undecided: nothing near was found, but not everything could be looked at.",
        "Onbeslist: er is niets gevonden dat erop lijkt, maar niet alles kon worden bekeken.";
    gaps: "Could not be looked at", "Kon niet worden bekeken";
    lists: "Lists that were asked", "Geraadpleegde lijsten";
    list: "List", "Lijst";
    version: "Version", "Versie";
    entries: "Entries", "Items";
    remarks: "Remarks", "Opmerkingen";
    up_to_date: "none", "geen";
    preview: "Preview of the upload", "Voorbeeld van de upload";
    unblur: "Show without blur", "Toon zonder vervaging";
    preview_note: "Blurred until you choose to look; it is left out in print. Listed items are never shown.",
        "Vervaagd tot u kiest om te kijken; in druk weggelaten. Items op de lijst worden nooit getoond.";
    why: "Why this matched", "Waarom dit overeenkomt";
    prints: "What was compared", "Wat is vergeleken";
    print_upload: "The upload's fingerprint, in the form that came nearest", "Vingerafdruk van de upload, in de vorm die het meest lijkt";
    print_entry: "The listed item's fingerprint", "Vingerafdruk van het item op de lijst";
    print_apart: "Where they differ: crosses", "Waar zij verschillen: kruisjes";
    place: "Where in the upload", "Waar in de upload";
    chance: "How often chance does as much", "Hoe vaak toeval evenveel doet";
    chance_x: "bits that differ", "verschillende bits";
    chance_y: "false matches an upload", "valse treffers per upload";
    chance_unknown: "Not measured for a match of this kind: below a detail of 80, or beyond 60 bits.",
        "Niet gemeten voor zo'n overeenkomst: bij minder detail dan 80, of boven 60 bits.";
    chance_video: "Not told as a rate: what counts is that several frames come in the order and at the pace of the listed video.",
        "Niet als kans uit te drukken: wat telt is dat meerdere beelden komen in de volgorde en het tempo van de video op de lijst.";
    chance_exact: "The bytes are equal: chance plays no part.", "De bytes zijn gelijk: toeval speelt geen rol.";
    chance_note: "Measured on photographs. Drawings, charts and texts resemble each other more.",
        "Gemeten aan foto's. Tekeningen, grafieken en teksten lijken meer op elkaar.";
    stretches: "Which stretches run alike", "Welke fragmenten gelijk lopen";
    in_upload: "In the upload", "In de upload";
    in_entry: "In the listed video", "In de video op de lijst";
    speed: "Speed", "Snelheid";
    direction: "Mirrored", "Gespiegeld";
    frames: "Frames alike", "Gelijke beelden";
    share: "Share of upload, of item", "Deel van upload, van item";
    yes: "yes", "ja";
    no: "no", "nee";
    standing: "Who assessed the item", "Wie het item heeft beoordeeld";
    together: "The states together", "De staten samen";
    item_title: "Title", "Titel";
    context: "Context", "Context";
    created: "Entered at", "Opgenomen op";
    state: "State", "Staat";
    authority: "Authority", "Autoriteit";
    verdict: "Verdict", "Oordeel";
    made: "When", "Wanneer";
    until: "Until", "Tot";
    open_end: "no end", "geen einde";
    run_out: "has run out", "is verlopen";
    nobody: "No assessment came with this item.", "Bij dit item is geen beoordeling meegegeven.";
    types: "Kinds of terrorist content, article 2(7) of Regulation (EU) 2021/784",
        "Soorten terroristische inhoud, artikel 2, punt 7, van Verordening (EU) 2021/784";
    missing: "What is missing, or weak", "Wat ontbreekt, of zwak is";
    nothing_missing: "Nothing that could be told from the screening. The context of the upload is always for you to look at.",
        "Niets dat uit het onderzoek blijkt. De context van de upload is altijd aan u om te bekijken.";
    review: "Your review", "Uw beoordeling";
    purposes: "Is it there for a purpose that is no terrorist content? Article 1(3): tick what may be its true purpose",
        "Dient het een doel dat geen terroristische inhoud is? Artikel 1, lid 3: vink aan wat het ware doel kan zijn";
    outcomes: "Outcome", "Uitkomst";
    told_upload: "Upload", "Upload";
    told_match: "Match", "Overeenkomst";
    told_list: "List", "Lijst";
    told_purposes: "Purposes under article 1(3) that may apply", "Doelen van artikel 1, lid 3, die kunnen gelden";
    told_outcome: "Outcome", "Uitkomst";
    none_ticked: "none ticked", "niets aangevinkt";
    not_chosen: "not chosen", "niet gekozen";
    text: "Text to copy", "Tekst om te kopiëren";
    select: "Select the text", "Selecteer de tekst";
    nothing_kept: "Nothing of this is kept or sent: what you tick is gone when the page is closed.",
        "Niets hiervan wordt bewaard of verstuurd: wat u aanvinkt is weg als de pagina sluit.";
    top: "To the top", "Naar boven";
}

/// The texts of a language.
pub(super) fn words(language: Language) -> &'static Words {
    match language {
        Language::English => &ENGLISH,
        Language::Dutch => &DUTCH,
    }
}

/// The one of two that is in the language.
pub(super) fn either<T>(language: Language, english: T, dutch: T) -> T {
    match language {
        Language::English => english,
        Language::Dutch => dutch,
    }
}

/// The purposes of article 1(3).
pub(super) const PURPOSES: [[&str; 2]; 6] = [
    ["education", "onderwijs"],
    ["journalism", "journalistiek"],
    ["art", "kunst"],
    ["research", "onderzoek"],
    [
        "preventing or countering terrorism",
        "voorkomen of bestrijden van terrorisme",
    ],
    [
        "polemic or controversial views in public debate",
        "polemische of controversiële standpunten in het publieke debat",
    ],
];

/// What a review can end with, by the words of `ijkpunt review decide`.
pub(super) const OUTCOMES: [(&str, [&str; 2]); 7] = [
    (
        "terrorist",
        [
            "terrorist content, confirmed",
            "terroristische inhoud, bevestigd",
        ],
    ),
    (
        "exempt",
        [
            "the listed item, but for a purpose of article 1(3)",
            "het item op de lijst, maar voor een doel van artikel 1, lid 3",
        ],
    ),
    (
        "not-a-match",
        [
            "no match: it shows something else",
            "geen overeenkomst: het toont iets anders",
        ],
    ),
    (
        "wrong-entry",
        [
            "it matches, but the item should not be listed",
            "het komt overeen, maar het item hoort niet op de lijst",
        ],
    ),
    (
        "legal",
        [
            "it matches, and is lawful here",
            "het komt overeen, en is hier rechtmatig",
        ],
    ),
    (
        "imminent-threat",
        [
            "escalate: imminent threat to life, tell the police at once (article 14(5))",
            "escaleren: onmiddellijk levensgevaar, licht direct de politie in (artikel 14, lid 5)",
        ],
    ),
    (
        "undecided",
        [
            "undecided: ask a second person",
            "onbeslist: vraag een tweede persoon",
        ],
    ),
];

/// A kind of terrorist content, in own words.
pub(super) fn kind_of_content(language: Language, kind: TcoType) -> &'static str {
    let (english, dutch) = match kind {
        TcoType::A => (
            "incites to terrorist offences, also by glorifying them",
            "zet aan tot terroristische misdrijven, ook door ze te verheerlijken",
        ),
        TcoType::B => (
            "solicits somebody to commit terrorist offences, or to contribute to them",
            "zoekt mensen om terroristische misdrijven te plegen of daaraan bij te dragen",
        ),
        TcoType::C => (
            "solicits somebody to take part in the activities of a terrorist group",
            "zoekt mensen om deel te nemen aan de activiteiten van een terroristische groep",
        ),
        TcoType::D => (
            "instructs in making or using weapons, or in other methods, for terrorist offences",
            "geeft instructie in het maken of gebruiken van wapens, of in andere methoden, voor terroristische misdrijven",
        ),
        TcoType::E => (
            "threatens to commit a terrorist offence",
            "dreigt een terroristisch misdrijf te plegen",
        ),
    };
    either(language, english, dutch)
}

/// What part of the upload it is; none for the whole.
pub(super) fn part(language: Language, view: Kind) -> Option<&'static str> {
    let (english, dutch) = match view {
        Kind::Full => return None,
        Kind::Block => (
            "It is in a part of the picture: between plain margins, as in a frame, a post or a page.",
            "Het zit in een deel van het beeld: tussen effen randen, zoals in een lijst, een bericht of een pagina.",
        ),
        Kind::Rectangle => (
            "It is in a part of the picture: a picture within the picture.",
            "Het zit in een deel van het beeld: een beeld in het beeld.",
        ),
        Kind::Uncropped => (
            "The picture seems to be the middle of the listed one: it was cropped.",
            "Het beeld lijkt het midden van dat op de lijst: het is bijgesneden.",
        ),
        Kind::Tile => (
            "It is in a part of the picture: a half or a quarter of it.",
            "Het zit in een deel van het beeld: een helft of een kwart ervan.",
        ),
        Kind::Quad => (
            "It is in a part of the picture: it stands askew on a plain ground.",
            "Het zit in een deel van het beeld: het staat scheef op een effen vlak.",
        ),
        Kind::Rotated => (
            "It was tilted by a small angle.",
            "Het is een weinig gekanteld.",
        ),
        Kind::Sheared => ("It was sheared.", "Het is scheefgetrokken."),
        Kind::Window => (
            "It is in a part of the picture: a square of it is like a square of the item.",
            "Het zit in een deel van het beeld: een vierkant ervan lijkt op een vierkant van het item.",
        ),
    };
    Some(either(language, english, dutch))
}

/// How the upload was turned or mirrored, as the form that came nearest tells; none where it was not. Forms turn back what was done.
pub(super) fn form(language: Language, form: Dihedral) -> Option<&'static str> {
    let (english, dutch) = match form {
        Dihedral::Original => return None,
        Dihedral::Rot90 => (
            "It was turned a quarter, clockwise.",
            "Het is een kwartslag gedraaid, met de klok mee.",
        ),
        Dihedral::Rot180 => ("It was turned upside down.", "Het is op zijn kop gedraaid."),
        Dihedral::Rot270 => (
            "It was turned a quarter, counter-clockwise.",
            "Het is een kwartslag gedraaid, tegen de klok in.",
        ),
        Dihedral::FlipX => (
            "It was mirrored: top and bottom are exchanged.",
            "Het is gespiegeld: boven en onder zijn verwisseld.",
        ),
        Dihedral::FlipY => (
            "It was mirrored: left and right are exchanged.",
            "Het is gespiegeld: links en rechts zijn verwisseld.",
        ),
        Dihedral::FlipPlus1 | Dihedral::FlipMinus1 => (
            "It was mirrored and turned a quarter.",
            "Het is gespiegeld en een kwartslag gedraaid.",
        ),
    };
    Some(either(language, english, dutch))
}

/// Whether context makes it what it is.
pub(super) fn context(language: Language, context: ContextDependence) -> &'static str {
    let (english, dutch) = match context {
        ContextDependence::Independent => (
            "does not depend on what stands around it",
            "hangt niet af van wat eromheen staat",
        ),
        ContextDependence::Dependent => (
            "depends on what stands around it",
            "hangt af van wat eromheen staat",
        ),
        ContextDependence::Unknown => ("nobody has said", "niemand heeft dat gezegd"),
    };
    either(language, english, dutch)
}
