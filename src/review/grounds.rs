//! Why decisions lose their ground, and what is said of orders.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: [Self; [$($text),*].len()] = [$(Self::$variant),*];

            /// The name used in JSON and by the tool.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }
        }

        /// In words.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.name().replace('_', " "))
            }
        }
    };
}

named! {
    /// Why nobody can rest on an entry any more.
    Loss {
        /// It was withdrawn by those who had entered it.
        Withdrawn = "withdrawn",
        /// A state switched it off.
        Suspended = "suspended",
        /// The breaker of this platform switched it off.
        Tripped = "tripped",
        /// It is not in the baseline any more: too few states say that it is terrorist.
        NotAgreed = "not_agreed",
        /// It rested on an order that was annulled.
        OrderAnnulled = "order_annulled",
        /// It rested on an order that infringes the Regulation or fundamental rights (article 4 TCO).
        ScrutinyInfringement = "scrutiny_infringement",
        /// A court said so.
        CourtOrder = "court_order",
    }
}

impl Loss {
    /// Whether what was taken down for it has to be put back at once, without anybody looking again (article 4(7) TCO).
    #[must_use]
    pub const fn reinstates_at_once(self) -> bool {
        matches!(
            self,
            Self::OrderAnnulled | Self::ScrutinyInfringement | Self::CourtOrder
        )
    }
}

named! {
    /// Why a removal order has no effect any more.
    OrderEnd {
        /// It was annulled on appeal or review.
        Annulled = "annulled",
        /// Scrutiny found that it infringes the Regulation or fundamental rights (article 4 TCO).
        ScrutinyInfringement = "scrutiny_infringement",
        /// Its authority took it back.
        Revoked = "revoked",
        /// A court took its effect away.
        CourtOrder = "court_order",
    }
}

named! {
    /// Why a removal order was not carried out (article 3(7) and (8) TCO, annex III).
    OrderGround {
        /// Force majeure, or a de facto impossibility that is not the host's fault.
        Impossibility = "impossibility",
        /// It contains manifest errors.
        ManifestErrors = "manifest_errors",
        /// It does not contain enough to carry it out.
        InsufficientInformation = "insufficient_information",
    }
}

named! {
    /// What an uploader or the host can begin against a decision, beside a complaint.
    Proceedings {
        /// Review by an authority.
        Administrative = "administrative",
        /// Before a court.
        Judicial = "judicial",
        /// Before a certified body (article 21 DSA).
        OutOfCourt = "out_of_court",
    }
}

named! {
    /// Why content was put back.
    PutBack {
        /// A complaint was right.
        Complaint = "complaint",
        /// The order that it was taken down for has ended.
        OrderEnded = "order_ended",
        /// The entries that the decision rested on were lost.
        EntryLost = "entry_lost",
        /// Proceedings ended so.
        Proceedings = "proceedings",
        /// A person looked again and found otherwise.
        NewDecision = "new_decision",
    }
}

impl PutBack {
    /// Whether others say so, so that it is put back before anybody of the platform can take it down anew (articles 4(7) and 10(2) TCO).
    #[must_use]
    pub const fn binds(self) -> bool {
        !matches!(self, Self::NewDecision)
    }
}

named! {
    /// What there is to tell an uploader.
    Tell {
        /// The content was removed, or access to it disabled.
        TakenDown = "taken_down",
        /// A complaint was not upheld.
        ComplaintRejected = "complaint_rejected",
        /// It was put back.
        PutBack = "put_back",
    }
}

named! {
    /// Where a case stands.
    Stage {
        /// Nobody has found anything yet.
        Waiting = "waiting",
        /// One person has; the policy asks for a second one.
        Second = "second",
        /// Those who looked do not agree.
        Divided = "divided",
        /// It was decided, and is to be looked at again.
        Reopened = "reopened",
        /// A complaint waits for its decision.
        Complaint = "complaint",
        /// An order waits to be carried out.
        Order = "order",
        /// An order cannot be carried out until its authority answers.
        Refused = "refused",
        /// Decided.
        Decided = "decided",
    }
}
