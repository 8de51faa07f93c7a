//! Who is told what of a case: the uploader, the Commission's database, the authorities.

use std::collections::BTreeSet;

use crate::baseline::{MediaKind, Text, Time};
use crate::limits::Limits;
use crate::sign::{FeedbackReason, FoundIn, PlatformCounts, PlatformFeedback};

use super::case::{Case, CaseId, Decided, Origin};
use super::error::ReviewError;
use super::event::EntryName;
use super::fold::Misfit;
use super::grounds::{PutBack, Tell};
use super::language::Language;
use super::order::SealedOrder;
use super::outcome::Action;
use super::report::Country;
use super::report::notice::{
    self, Because, Held, Kind, Notice, OrderFacts, Rejected, Removed, Scope,
};
use super::report::statement::{
    Broken, ContentType, Decision, Detection, Facts, SourceOf, Statement, Visibility,
};
use super::reviews::Reviews;
use super::showing::Story;

/// The statements of reasons of a time.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Statements {
    /// Those that hold every rule, in the order of their cases.
    pub statements: Vec<Statement>,
    /// The cases of which none could be made, and the rule that it would break.
    pub untold: Vec<(CaseId, Broken)>,
}

impl Reviews {
    /// A statement of reasons for each decision of a time by which something was taken down (article 24(5) DSA). Removal orders need none. Who found it, who decided, and
    /// whether screening was voluntary follow from the records; that a person decided is true of all, and of those that were held before anybody looked it is
    /// said that the decision was partially automated.
    ///
    /// The date of the content is the day on which it was screened.
    ///
    /// # Errors
    /// As [`Reviews::each`].
    ///
    /// # Cost
    /// Reading all cases, and some microseconds a statement.
    pub fn statements(
        &self,
        from: Time,
        until: Time,
        scope: &BTreeSet<Country>,
        now: Time,
    ) -> Result<Statements, ReviewError> {
        let mut told = Statements {
            statements: Vec::new(),
            untold: Vec::new(),
        };
        self.each(|id, case| {
            let decision = case
                .decision
                .as_ref()
                .filter(|decision| (from..until).contains(&decision.at));
            let decision = decision
                .filter(|decision| decision.action.is_down() && case.origin != Origin::Order);
            if let Some(facts) =
                decision.and_then(|decision| self.facts(id, case, decision, scope, now))
            {
                match Statement::new(facts) {
                    Ok(statement) => told.statements.push(statement),
                    Err(broken) => told.untold.push((id, broken)),
                }
            }
            true
        })?;
        Ok(told)
    }

    fn facts(
        &self,
        id: CaseId,
        case: &Case,
        decision: &Decided,
        scope: &BTreeSet<Country>,
        now: Time,
    ) -> Option<Facts> {
        let types = decision.outcome.types()?;
        let is_measure = case.is_measure;
        Some(Facts {
            puid: self.puid(id, decision.at),
            visibility: [match decision.action {
                Action::Disable => Visibility::Disabled,
                _ => Visibility::Removed,
            }]
            .into(),
            types,
            explanation: explanation(case, decision.by.len(), Language::English),
            facts: facts_in_words(case, decision.by.len()),
            content: [match case.media {
                MediaKind::Video => ContentType::Video,
                _ => ContentType::Image,
            }]
            .into(),
            content_date: case.screened_at,
            application_date: decision.at,
            end_date: None,
            scope: scope.clone(),
            content_language: None,
            detection: match case.origin {
                Origin::Match => Detection::Automated,
                _ => Detection::ByPerson,
            },
            decision: match case.hold {
                Some(_) => Decision::HeldAutomatically,
                None => Decision::ByPerson,
            },
            source: if is_measure {
                SourceOf::Article5Measure
            } else {
                SourceOf::OwnInitiative
            },
            now: Some(now),
        })
    }

    /// The platform's own identifier of a statement: which file, which case, which decision.
    fn puid(&self, id: CaseId, at: Time) -> String {
        let file = self
            .house
            .file
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"));
        format!(
            "ijkpunt-{}-{id}-{}",
            file.collect::<String>(),
            at.unix_seconds()
        )
    }

    /// What there is to tell the uploader of a case now, or of its hold where nothing was decided. `complaints` says in words of that language where they can complain.
    ///
    /// # Errors
    /// [`ReviewError::Misfit`] where there is nothing to tell; [`ReviewError::Match`] where the order cannot be read, or a text cannot be shown.
    pub fn notice(
        &self,
        id: CaseId,
        complaints: &Text<300>,
        language: Language,
        now: Time,
    ) -> Result<Notice, ReviewError> {
        let story = self.story(id)?;
        let subject = story.subject.as_deref().unwrap_or("(erased)");
        let subject = Text::new(subject.chars().take(200).collect::<String>());
        Ok(Notice {
            platform: self.policy().platform.clone(),
            subject: subject.map_err(|_| {
                ReviewError::Match("the reference of the upload cannot be shown to anybody")
            })?,
            at: now,
            complaints: complaints.clone(),
            kind: kind(&story, language)?,
        })
    }

    /// What people found of an entry, for the authorities: counts, and nothing of users or uploads. Sign it, and hand it over.
    ///
    /// # Errors
    /// [`ReviewError::NoEntry`]; [`ReviewError::Match`] where the entry is of no snapshot, or the time ends before it begins.
    pub fn feedback(
        &mut self,
        entry: &EntryName,
        from: Time,
        until: Time,
        reason: FeedbackReason,
    ) -> Result<PlatformFeedback, ReviewError> {
        let reviews = self.counts(entry, from, until)?;
        let id = entry.id().ok_or(ReviewError::Match(
            "authorities know entries of their own snapshots only, by their ids",
        ))?;
        let number = self.finder()?.number(entry);
        let last = number.and_then(|number| self.finder().ok()?.tallies.cases(number).max());
        let story = last.map(|last| self.story(CaseId(last))).transpose()?;
        let version =
            story.and_then(|story| story.entries.iter().find(|(name, _)| name == entry)?.1);
        let counts = PlatformCounts {
            platform: self.policy().platform.clone(),
            entry: id,
            found_in: version
                .map(|version| (FoundIn::from_bytes(version.snapshot), version.sequence)),
            from,
            until,
            reviews,
            reason,
        };
        PlatformFeedback::new(counts).map_err(|_| ReviewError::Match("the time ends before it begins: name its first second, and the first one behind it"))
    }
}

fn kind(story: &Story, language: Language) -> Result<Kind, ReviewError> {
    let case = &story.case;
    let nothing = |why| ReviewError::Misfit {
        case: story.id,
        why: Misfit::Nothing(why),
    };
    match (case.tell, case.hold.filter(|_| case.is_held())) {
        (Some((at, Tell::TakenDown)), _) => removed(story, at, language),
        (Some((at, Tell::ComplaintRejected)), _) => {
            let complained = case
                .complaints
                .iter()
                .rev()
                .find(|complaint| complaint.decided.is_some());
            let reasons = story
                .steps
                .iter()
                .rev()
                .find(|step| step.what.contains("complaint was rejected"));
            let reasons = reasons
                .and_then(|step| step.text.as_deref())
                .unwrap_or(match language {
                    Language::Dutch => {
                        "Wij hebben opnieuw gekeken, en komen tot dezelfde beslissing."
                    }
                    Language::English => "We looked at it again, and came to the same decision.",
                });
            Ok(Kind::Rejected(Rejected {
                complained_at: complained.map_or(at, |complaint| complaint.received_at),
                decided_at: at,
                reasons: Text::new(reasons).map_err(|_| {
                    ReviewError::Match(
                        "the reasons cannot be shown: write them as one line without addresses",
                    )
                })?,
            }))
        }
        (Some((at, Tell::PutBack)), _) => Ok(Kind::PutBack(notice::PutBack {
            at,
            decided_at: case.taken_down_at.unwrap_or(at),
            because: match case.was_put_back.map(|(_, why)| why) {
                Some(PutBack::Complaint) => Because::ComplaintUpheld,
                Some(PutBack::OrderEnded) => Because::OrderEnded,
                Some(PutBack::EntryLost) => Because::AssessmentWithdrawn,
                _ => Because::OwnReview,
            },
        })),
        (None, Some(hold)) => Ok(Kind::Held(Held {
            since: case.opened_at,
            until: Some(hold.until),
        })),
        (None, None) => Err(nothing("there is nothing to tell the uploader")),
    }
}

fn removed(story: &Story, at: Time, language: Language) -> Result<Kind, ReviewError> {
    let case = &story.case;
    let people = case
        .decision
        .as_ref()
        .map_or(1, |decision| decision.by.len());
    let order = match case.origin {
        Origin::Order => Some(order_facts(story)?),
        _ => None,
    };
    let action = case
        .decision
        .as_ref()
        .map_or(Action::Remove, |decision| decision.action);
    let text = explanation(case, people, language);
    Ok(Kind::Removed(Removed {
        action: match action {
            Action::Disable => notice::Action::Disabled,
            _ => notice::Action::Removed,
        },
        decided_at: at,
        scope: match action {
            Action::Disable => Scope::Union,
            _ => Scope::Everywhere,
        },
        types: case
            .taken_down_for
            .or(case.types)
            .ok_or(ReviewError::Match("nobody said of which types it is"))?,
        found: match case.origin {
            Origin::Match => notice::Found::Automated,
            Origin::Order => notice::Found::ByAuthority,
            Origin::Sample(_) => notice::Found::ByPerson,
        },
        basis: match (order, case.is_measure) {
            (Some(order), _) => notice::Basis::Order(order),
            (None, true) => notice::Basis::SpecificMeasure,
            (None, false) => notice::Basis::OwnDecision,
        },
        explanation: Text::new(text)
            .map_err(|_| ReviewError::Match("an explanation that cannot be shown"))?,
        was_held: case.hold.is_some(),
    }))
}

fn order_facts(story: &Story) -> Result<OrderFacts, ReviewError> {
    let unread = ReviewError::Match("the order was erased, or cannot be read");
    let Some(json) = &story.evidence else {
        return Err(unread);
    };
    let order = SealedOrder::read(json.as_bytes(), &Limits::default()).map_err(|_| unread)?;
    let country: Option<Country> = order.issued_by.state.to_string().parse().ok();
    Ok(OrderFacts {
        authority: order.issued_by.name.clone(),
        country: country.ok_or(ReviewError::Match(
            "the order's state is none of the European Economic Area",
        ))?,
        reference: order.reference.clone(),
        issued_at: order.issued_at,
        is_cross_border: order.is_cross_border(),
    })
}

/// Why, for the uploader and the database: no hash, no distance, no entry, and nothing about a person.
fn explanation(case: &Case, people: usize, language: Language) -> String {
    let is_order = case.origin == Origin::Order;
    match (language, is_order) {
        (Language::Dutch, true) => "Een bevoegde autoriteit heeft de verwijdering bevolen, en beoordeelt de inhoud als terroristisch.".to_owned(),
        (_, true) => "A competent authority has ordered its removal, and assesses it as terrorist content.".to_owned(),
        (Language::Dutch, false) => {
            let who = if people > 1 { "Meer dan één persoon heeft" } else { "Een persoon heeft" };
            format!("{who} de inhoud in haar context bekeken, heeft nagegaan of zij dient voor onderwijs, journalistiek, kunst, onderzoek, het tegengaan van terrorisme of een publiek debat, en heeft vastgesteld dat het terroristische inhoud is.")
        }
        (_, false) => {
            let who = in_words(people);
            format!("{who} looked at it in its context, considered whether it serves education, journalism, art, research, countering terrorism or a public debate, and found it to be terrorist content.")
        }
    }
}

/// How it was found and decided.
fn facts_in_words(case: &Case, people: usize) -> String {
    let found = match case.origin {
        Origin::Match => {
            "The upload was compared automatically with material that authorities of the Member States have assessed as terrorist content, and came near to an item of it."
        }
        _ => {
            "The upload was looked at in a random check of what automated comparison had not found."
        }
    };
    let held = match case.hold {
        Some(_) => {
            " It was held automatically, for a limited time, until a person had looked at it."
        }
        None => "",
    };
    format!(
        "{found}{held} {} then looked at it and decided.",
        in_words(people)
    )
}

const fn in_words(people: usize) -> &'static str {
    match people {
        0 | 1 => "A person",
        2 => "Two persons",
        _ => "Several persons",
    }
}
