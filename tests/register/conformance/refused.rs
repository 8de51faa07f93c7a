//! Lines that no register takes, each good but for one thing, and lines that add nothing.

use ijkpunt::baseline::*;
use ijkpunt::sign::tree::TreeHash;
use ijkpunt::sign::*;

use super::story::Entries;
use super::words::*;
use crate::author::{line, note_line, promised, signed};
use crate::history::{authority, genesis as another, key};

/// A line, and what is wrong with it; none where it is known.
type Line = (Vec<u8>, Option<&'static str>);

/// All of them. They are told at the ends of the logs of XA and XB, behind all that these say.
pub(super) fn refused(genesis: &Envelope, entries: &Entries, a: &Hand, b: &Hand) -> Vec<Line> {
    let mut lines = known(a);
    lines.extend(by_signature(a, b, entries));
    lines.extend(by_place(genesis, a, b, entries));
    lines.extend(by_words(a, b, entries));
    lines.extend(by_spelling(b, entries));
    lines.extend(by_promise(genesis, b));
    lines
}

/// What was said before, and what was said before with the signatures in another order.
fn known(a: &Hand) -> Vec<Line> {
    let rotation = a.lines(12..13).concat();
    let mut json: serde_json::Value = serde_json::from_slice(&rotation).unwrap();
    json["signatures"].as_array_mut().unwrap().reverse();
    let turned = format!("{json}\n").into_bytes();
    vec![(a.lines(2..3).concat(), None), (turned, None)]
}

fn wrong(what: &'static str, line: Vec<u8>) -> Line {
    (line, Some(what))
}

/// A word of XB at its next place, as all of these would be if they were good.
fn good(b: &Hand, entries: &Entries) -> Assessment {
    b.word(50, entries.first.id(), Verdict::Abstain)
}

fn said(b: &Hand, event: Event, keys: &[u8]) -> Envelope {
    signed(b.log.tree.root(), What::Event(event), keys)
}

fn by_signature(a: &Hand, b: &Hand, entries: &Entries) -> Vec<Line> {
    let word = || Event::Assessed(good(b, entries));
    let by = |keys: &[u8]| line(&said(b, word(), keys));
    let other = Assessment {
        made_at: day(51),
        ..good(b, entries)
    };
    let sig = |envelope: &Envelope| {
        let json: serde_json::Value = serde_json::from_str(&envelope.to_json()).unwrap();
        json["signatures"][0]["sig"].as_str().unwrap().to_owned()
    };
    let [right, other] = [said(b, word(), &[1]), said(b, Event::Assessed(other), &[1])];
    let changed = right.to_json().replace(&sig(&right), &sig(&other)) + "\n";
    let rotation = |key: PublicKey| {
        What::Rotated(Rotation {
            by: b.by(),
            state: b.state(),
            sequence: b.log.next(),
            at: day(50),
            key,
        })
    };
    let rotated = |to: u8| {
        line(&signed(
            b.log.tree.root(),
            rotation(key(to).public_key()),
            &[1],
        ))
    };
    let of_xa = Event::Assessed(a.word(50, entries.second.id(), Verdict::Abstain));
    let retired = signed(a.log.tree.root(), What::Event(of_xa), &[0]);
    vec![
        wrong("unsigned", by(&[])),
        wrong("signed by another key, too", by(&[1, 10])),
        wrong("the signature is that of another statement", changed.into()),
        wrong("signed by a key that nobody knows", by(&[77])),
        wrong("signed by the key of another log", by(&[10])),
        wrong("signed by a retired key", line(&retired)),
        wrong("a new key that has not signed", rotated(21)),
        wrong("the present key as the next one", rotated(1)),
    ]
}

fn by_place(genesis: &Envelope, a: &Hand, b: &Hand, entries: &Entries) -> Vec<Line> {
    let root = b.log.tree.root();
    let at = |before: TreeHash, word: Assessment| {
        line(&signed(before, What::Event(Event::Assessed(word)), &[1]))
    };
    let next = b.log.next();
    let placed = |sequence| Assessment {
        sequence,
        ..good(b, entries)
    };
    let back_dated = Assessment {
        made_at: day(42),
        ..good(b, entries)
    };
    let of_xa = Assessment {
        authority: a.by(),
        state: a.state(),
        ..good(b, entries)
    };
    let for_another = Assessment {
        state: authority(2).state,
        ..good(b, entries)
    };
    let court = Assessment {
        authority: "xe-court".parse().unwrap(),
        state: authority(4).state,
        ..good(b, entries)
    };
    let opening = What::Opened(Opening {
        register: Genesis::open(genesis).unwrap().id(),
        by: b.by(),
        state: b.state(),
        sequence: next,
        at: day(50),
        key: key(1).public_key(),
    });
    let elsewhere = Hand::opened(0, 78, 0, &another(2), 50);
    let far = Hand::opened(0, 79, (1 << 62) + 1, genesis, 50);
    vec![
        wrong("dated before the statement before it", at(root, back_dated)),
        wrong("a place is left out", at(root, placed(next + 2))),
        wrong("the place is taken", at(root, placed(next - 2))),
        wrong(
            "follows on the statements of another log",
            at(a.log.tree.root(), placed(next)),
        ),
        wrong("in the name of another authority", at(root, of_xa)),
        wrong("for another state", at(root, for_another)),
        wrong(
            "of an authority without a log",
            at(TreeHash::empty(), court),
        ),
        wrong(
            "the log is opened again",
            line(&signed(root, opening, &[1])),
        ),
        wrong(
            "the opening is of another register",
            elsewhere.lines(..).concat(),
        ),
        wrong("the log begins behind place 2^62", far.lines(..).concat()),
    ]
}

fn by_words(a: &Hand, b: &Hand, entries: &Entries) -> Vec<Line> {
    let say = |event| line(&said(b, event, &[1]));
    let assessed = |word: Assessment| say(Event::Assessed(word));
    let verdict = terrorist(&[TcoType::A]);
    let again = b.word(43, entries.second.id(), verdict);
    let adopted = |from: AuthorityId, viewed| Assessment {
        verdict,
        method: Method::Adopted { from },
        viewed,
        ..good(b, entries)
    };
    let unseen = Assessment {
        verdict,
        viewed: None,
        ..good(b, entries)
    };
    let withdrawn =
        |entry: &Entry, target| say(Event::Withdrawn(b.withdrawal(50, entry.id(), target)));
    let others = Target::Assessment {
        authority: a.by(),
        sequence: 2,
    };
    let own = Target::Assessment {
        authority: b.by(),
        sequence: 3,
    };
    let resumed = Resumption {
        entry: entries.first.id(),
        by: b.by(),
        state: b.state(),
        sequence: b.log.next(),
        lifts: 7,
        at: day(50),
    };
    let feedback = Feedback {
        until: day(48),
        ..b.feedback(50, entries.first.id())
    };
    let act = order(a.state(), "R-17", 1).name();
    vec![
        wrong("the same words within a day", assessed(again)),
        wrong("adopted from itself", assessed(adopted(b.by(), None))),
        wrong(
            "adopted, and the file is named",
            assessed(adopted(a.by(), Some(Commitment::to(b"a file")))),
        ),
        wrong("viewed, and no file is named", assessed(unseen)),
        wrong(
            "withdraws an entry of which its log says nothing",
            withdrawn(&entries.fifth, Target::Whole),
        ),
        wrong(
            "withdraws what is no assessment",
            withdrawn(&entries.third, own),
        ),
        wrong(
            "withdraws the word of another",
            withdrawn(&entries.first, others),
        ),
        wrong(
            "lifts a suspension that was lifted",
            say(Event::Resumed(resumed)),
        ),
        wrong(
            "a period that ends as it begins",
            say(Event::Feedback(feedback)),
        ),
        wrong(
            "annuls the act of another state",
            say(Event::InstrumentEnded(b.end_of(
                50,
                act,
                EndReason::Annulled,
            ))),
        ),
    ]
}

/// Good values that are written in another way.
fn by_spelling(b: &Hand, entries: &Entries) -> Vec<Line> {
    let right = said(b, Event::Assessed(good(b, entries)), &[1]);
    let payload = right.unverified_payload();
    let raw = |payload_type: &str, payload: Vec<u8>| {
        line(&Envelope::sign(payload_type, payload, &[&key(1)]).unwrap())
    };
    let statement = |payload: Vec<u8>| raw(STATEMENT, payload);
    // Behind the root stands which kind of statement it is: 3 as a number of two bytes, and one that no kind has.
    let kind = |bytes: &[u8]| statement([&payload[..32], bytes, &payload[33..]].concat());
    let labelled = Entry {
        labels: ["aa", "bb"].map(text).into(),
        created_by: b.by(),
        created_at: day(50),
        ..entries.second.clone()
    };
    let created = Event::EntryCreated(Creation {
        sequence: b.log.next(),
        entry: labelled,
    });
    let created = said(b, created, &[1]).unverified_payload().to_vec();
    let json = right.to_json();
    let text = |json: String| format!("{json}\n").into_bytes();
    let capitals = json.replace(
        &name_of(1).to_string(),
        &name_of(1).to_string().to_uppercase(),
    );
    vec![
        wrong(
            "a byte behind the payload",
            statement([payload, &[0]].concat()),
        ),
        wrong("a number in more bytes than it needs", kind(&[0x83, 0])),
        wrong("a kind of statement that there is not", kind(&[4])),
        wrong(
            "an address in a text",
            statement(replaced(payload, b"as drawn", b"a://rawn")),
        ),
        wrong(
            "a set out of its order",
            statement(replaced(&created, b"\x02aa\x02bb", b"\x02bb\x02aa")),
        ),
        wrong("another type of payload", raw(SNAPSHOT, payload.to_vec())),
        wrong("no JSON", text("statement".into())),
        wrong(
            "a member too many",
            text(json.replacen('{', "{\"note\":\"\",", 1)),
        ),
        wrong(
            "base64 without its padding",
            text(json.replace("==\"", "\"")),
        ),
        wrong("the key's id in capitals", text(capitals)),
    ]
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let at = bytes.windows(old.len()).position(|found| found == old);
    let at = at.unwrap();
    [&bytes[..at], new, &bytes[at + old.len()..]].concat()
}

fn by_promise(genesis: &Envelope, b: &Hand) -> Vec<Line> {
    let (size, root) = (b.log.tree.size(), b.log.tree.root());
    let promise = |log, by_key| note_line(&promised(genesis, log, by_key, size, root));
    let good = String::from_utf8(promise(1, 1)).unwrap();
    vec![
        wrong("a checkpoint of a log that is not here", promise(88, 88)),
        wrong(
            "a checkpoint by a key that is not the log's",
            promise(1, 77),
        ),
        wrong(
            "a checkpoint with a zero before its size",
            good.replace(&format!("\\n{size}\\n"), &format!("\\n0{size}\\n"))
                .into(),
        ),
    ]
}
