//! What the states agree on is signed by three of them, and put into a folder that anybody may hand out.

use std::fs;
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

use ijkpunt::baseline::Time;
use ijkpunt::limits::Limits;
use ijkpunt::publish::{
    Checked, Least, Page as Signed, Plan, PlanTerms, Publisher, Release, Repository, Terms,
    consistency_since, suspensions_since,
};
use ijkpunt::sign::{Signer, SigningKey};
use ijkpunt::snapshot::Snapshot;
use ijkpunt::tuf::{Request, RootTerms, SignatureFile, StateTerms};

use crate::Failure;

use super::page::Page;
use super::union::{Union, Who};
use super::words::count;

/// The folder that is handed out.
pub(super) const REPOSITORY: &str = "repository";

/// The folder of what goes from desk to desk: requests, and signatures.
pub(super) const DESKS: &str = "publication";

/// Far enough that the commands at the end work whenever they are tried.
const END: &str = "2099-01-01T00:00:00Z";

/// So many of the five states have to sign.
const NEEDED: usize = 3;

/// What is published, and by whom.
pub(super) struct Publishing {
    desks: PathBuf,
    pub(super) repository: Repository,
}

/// A key by which a state signs what is published. That of its log is another one.
fn key(who: Who) -> SigningKey {
    SigningKey::from_seed(&[100 + who as u8; 32])
}

/// The publisher's keys, which say what belongs together and what is the newest.
fn publisher() -> [SigningKey; 2] {
    [120, 121].map(|number| SigningKey::from_seed(&[number; 32]))
}

impl Publishing {
    /// The states sign whose keys count from now on.
    pub(super) fn begin(page: &mut Page<'_>, dir: &Path) -> Result<Self, Failure> {
        page.step("Three of five states sign whose keys count for what is published")?;
        page.say(
            "What is in the baseline goes to platforms as a file, a snapshot, in a folder that any web \
             server can hand out. Platforms trust no server. They trust what three states have signed, \
             each with a key that it keeps for this. The first thing to be signed is whose keys these \
             are: the root. Three states read this request, each at its own desk, and sign it:",
        )?;
        let desks = dir.join(DESKS);
        fs::create_dir(&desks)?;
        let repository = Repository::create(dir.join(REPOSITORY))?;
        let mut publishing = Self { desks, repository };
        let request = publishing.repository.propose_root(terms()?)?;
        publishing.show(page, &request, "root-request.json")?;
        let mut signatures = Vec::new();
        for who in [Who::Xa, Who::Xb, Who::Xd] {
            let signature = request.sign(&key(who), None)?;
            publishing.keep(&format!("root-{}.json", who.name()), &signature.to_json())?;
            signatures.push(signature);
        }
        publishing.repository.add_root(&request, &signatures)?;
        page.say(&format!(
            "It now is {REPOSITORY}/metadata/1.root.json. Programs are shipped with this file, and \
             later roots count if states of the root before have signed them. Everything here counts \
             until 2099, so that you can try it; in earnest a list counts for weeks, and that it is \
             the newest, for a day.",
        ))?;
        Ok(publishing)
    }

    fn show(&self, page: &mut Page<'_>, request: &Request, name: &str) -> Result<(), Failure> {
        self.keep(name, &request.to_json())?;
        for line in request.content().lines() {
            page.fact(&line)?;
        }
        Ok(())
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        Ok(fs::write(self.desks.join(name), bytes)?)
    }

    /// XA writes down what is to be published of its register.
    pub(super) fn plan(&self, union: &Union) -> Result<(Release, Plan), Failure> {
        let published = self.repository.published();
        let number = published.map_or(0, |one| one.targets.newest().0.to()) + 1;
        let end: Time = END.parse()?;
        let release = Release::new(
            union.register(Who::Xa),
            Terms {
                sequence: number,
                at: union.now,
                valid_until: end,
                least: Least::Baseline,
            },
        )?;
        let drafted = release.draft(union.register(Who::Xa), 1)?;
        let snapshot = Snapshot::from_bytes(drafted.draft.to_bytes()?)?;
        let terms = PlanTerms {
            expires: end,
            deltas: 3,
            wholes: 3,
            older_deltas: 8,
        };
        let plan = self.repository.plan(&snapshot, terms)?;
        let json = serde_json::to_vec_pretty(&release)?;
        self.keep(&format!("release-{number}.json"), &json)?;
        let request = plan.request().to_json();
        self.keep(&format!("release-{number}-request.json"), &request)?;
        Ok((release, plan))
    }

    /// A state makes the same by its own register, and then signs.
    pub(super) fn sign(
        &self,
        page: &mut Page<'_>,
        union: &Union,
        who: Who,
        (release, plan): &(Release, Plan),
    ) -> Result<SignatureFile, Failure> {
        let published = self.repository.published();
        let before = published.map(|one| &one.targets);
        let (request, limits) = (plan.request().to_json(), Limits::default());
        let register = union.register(who);
        let checked = Checked::new(&request, release, register, before, 1, &limits)?;
        let root = self.repository.root().ok_or("there is no root")?;
        let signature = checked.sign(&key(who), root)?;
        let name = format!("release-{}-{}.json", release.sequence, who.name());
        self.keep(&name, &signature.to_json())?;
        let left_out = checked.left_out().iter().map(|one| one.statements).sum();
        let left_out = match left_out {
            0 => String::new(),
            number => format!(", but for {} that came later", count(number, "statement")),
        };
        page.fact(&format!(
            "{} makes the same snapshot of its own register{left_out}, and signs",
            who.state_name()
        ))?;
        Ok(signature)
    }

    /// Publishes what states have signed; what is refused is told, and is no failure.
    pub(super) fn try_to_publish(
        &mut self,
        page: &mut Page<'_>,
        union: &Union,
        (release, plan): &(Release, Plan),
        signatures: &[SignatureFile],
    ) -> Result<(), Failure> {
        let keys = publisher();
        let [snapshot, timestamp] = keys.each_ref().map(|key| {
            let expires = END.parse()?;
            Ok::<_, Failure>(Signed { key, expires })
        });
        let publisher = Publisher {
            snapshot: snapshot?,
            timestamp: timestamp?,
            now: union.now,
        };
        if self.repository.published().is_some() {
            let newest = self.repository.newest()?;
            let grown = consistency_since(&newest, union.register(Who::Xa), release)?;
            self.repository.write_consistency(&grown)?;
        }
        match self.repository.publish(plan, signatures, &publisher) {
            Ok(published) => {
                let states = published.targets.states().iter();
                let states: Vec<String> = states.map(ToString::to_string).collect();
                let name = published.targets.newest().0;
                page.fact(&format!(
                    "published {name}, signed by {}",
                    states.join(", ")
                ))?;
            }
            Err(refused) => page.fact(&refused.to_string())?,
        }
        Ok(())
    }

    /// Hands out what states have suspended and resumed since the last publication.
    pub(super) fn hand_out_suspensions(&mut self, union: &Union, who: Who) -> Result<(), Failure> {
        let newest = self.repository.newest()?;
        let list = suspensions_since(&newest, union.register(who), &Limits::default())?;
        Ok(self.repository.write_suspensions(&list)?)
    }
}

fn terms() -> Result<RootTerms, Failure> {
    let keys = Who::STATES.map(|who| Ok((who.authority()?.state, key(who).public_key())));
    let states = StateTerms {
        threshold: NEEDED,
        keys: keys.into_iter().collect::<Result<_, Failure>>()?,
    };
    let [snapshot, timestamp] = publisher().map(|key| vec![key.public_key()]);
    Ok(RootTerms {
        version: NonZeroU64::MIN,
        expires: END.parse()?,
        root: states.clone(),
        targets: states,
        snapshot,
        timestamp,
    })
}

/// The first snapshot, signed by three states, two of which are too few.
pub(super) fn first(
    page: &mut Page<'_>,
    union: &Union,
    publishing: &mut Publishing,
) -> Result<(), Failure> {
    page.step("Three states make the same snapshot, sign it, and it is published")?;
    page.say(
        "XA writes down how far each log goes. Whoever has the logs makes the same snapshot of that, \
         to the byte. XA plans the publication, which says what changes and who has to sign:",
    )?;
    let planned = publishing.plan(union)?;
    for line in planned.1.to_string().lines() {
        page.fact(line)?;
    }
    page.say(
        "A state signs only what its own register leads to. XB and XD do, and XA tries to publish:",
    )?;
    let mut signatures = Vec::new();
    for who in [Who::Xb, Who::Xd] {
        signatures.push(publishing.sign(page, union, who, &planned)?);
    }
    publishing.try_to_publish(page, union, &planned, &signatures)?;
    page.say(
        "Two states are too few, so whoever steals their keys can publish nothing. XE signs, too:",
    )?;
    signatures.push(publishing.sign(page, union, Who::Xe, &planned)?);
    publishing.try_to_publish(page, union, &planned, &signatures)?;
    publishing.hand_out_suspensions(union, Who::Xa)
}
