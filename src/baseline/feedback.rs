//! What came of matches on platforms.

use serde::{Deserialize, Serialize};

use super::{AuthorityId, EntryId, MemberState, Text, Time};

/// What reviews on a platform found of an entry's matches, as the platform told an authority: counts, and nothing of users
/// or uploads.
///
/// [`consensus`](super::consensus()) does not look at it: what platforms decide is no word of a state. It is there for
/// authorities, which may assess anew, suspend or withdraw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feedback {
    /// Of which entry.
    pub entry: EntryId,
    /// The authority that was told.
    pub by: AuthorityId,
    /// For which state.
    pub state: MemberState,
    /// Its place in the authority's log.
    pub sequence: u64,
    /// When it was entered into the log.
    pub at: Time,
    /// The name by which the authority knows the platform.
    pub platform: Text<120>,
    /// The first second in which the reviews were made.
    pub from: Time,
    /// The first second that is not counted any more.
    pub until: Time,
    /// What they found.
    pub reviews: Reviews,
}

/// How many reviews there were, and how many went against the match: never more than there were.
///
/// Serde gives the three counts by name, and checks them when they are read.
///
/// ```
/// use ijkpunt::baseline::Reviews;
///
/// let reviews = Reviews::new(200, 3, 1)?;
/// assert_eq!((reviews.reviewed(), reviews.against()), (200, 4));
/// assert!(Reviews::new(2, 2, 1).is_err());
/// # Ok::<(), ijkpunt::baseline::ReviewsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Counts")]
pub struct Reviews {
    reviewed: u32,
    overturned: u32,
    complaints_upheld: u32,
}

/// Counts as they are read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Counts {
    reviewed: u32,
    overturned: u32,
    complaints_upheld: u32,
}

impl Reviews {
    /// So many decisions of persons; of them so many that found no match, or a wrong entry, and so many on complaints that were right.
    ///
    /// # Errors
    /// [`ReviewsError`] if more went against the match than there were: a share above one would mislead whoever counts on it.
    pub fn new(
        reviewed: u32,
        overturned: u32,
        complaints_upheld: u32,
    ) -> Result<Self, ReviewsError> {
        let against = overturned.checked_add(complaints_upheld);
        if against.is_some_and(|against| against <= reviewed) {
            Ok(Self {
                reviewed,
                overturned,
                complaints_upheld,
            })
        } else {
            Err(ReviewsError {
                reviewed,
                overturned,
                complaints_upheld,
            })
        }
    }

    /// How many decisions persons made on matches of the entry, those on complaints among them.
    #[must_use]
    pub fn reviewed(self) -> u32 {
        self.reviewed
    }

    /// How many of them overturned the match, without a complaint.
    #[must_use]
    pub fn overturned(self) -> u32 {
        self.overturned
    }

    /// How many of them upheld a complaint (article 10 TCO).
    #[must_use]
    pub fn complaints_upheld(self) -> u32 {
        self.complaints_upheld
    }

    /// How many of them went against the match, with or without a complaint.
    #[must_use]
    pub fn against(self) -> u32 {
        // No overflow: there are no more than were reviewed.
        self.overturned + self.complaints_upheld
    }
}

impl TryFrom<Counts> for Reviews {
    type Error = ReviewsError;

    fn try_from(counts: Counts) -> Result<Self, ReviewsError> {
        Self::new(counts.reviewed, counts.overturned, counts.complaints_upheld)
    }
}

/// Counts of reviews that cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "{overturned} overturned and {complaints_upheld} complaints upheld of {reviewed} reviewed: count decisions on complaints as reviews, too"
)]
pub struct ReviewsError {
    /// Decisions in all.
    pub reviewed: u32,
    /// Matches overturned.
    pub overturned: u32,
    /// Complaints upheld.
    pub complaints_upheld: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_go_against_a_match_than_were_reviewed() {
        for (counts, is_fine) in [
            ([0, 0, 0], true),
            ([3, 1, 2], true),
            ([3, 2, 2], false),
            ([3, 4, 0], false),
            ([u32::MAX, u32::MAX, 0], true),
            ([u32::MAX, u32::MAX, 1], false),
        ] {
            let [reviewed, overturned, upheld] = counts;
            let json = format!(
                r#"{{"reviewed":{reviewed},"overturned":{overturned},"complaints_upheld":{upheld}}}"#
            );
            let bytes = postcard::to_stdvec(&counts).unwrap();
            let ours = Reviews::new(reviewed, overturned, upheld);
            assert_eq!(ours.is_ok(), is_fine, "{counts:?}");
            assert_eq!(serde_json::from_str(&json).ok(), ours.ok(), "{counts:?}");
            assert_eq!(postcard::from_bytes(&bytes).ok(), ours.ok(), "{counts:?}");
            if let Ok(reviews) = ours {
                assert_eq!(serde_json::to_string(&reviews).unwrap(), json);
                assert_eq!(reviews.against(), overturned + upheld);
            }
        }
        let error = Reviews::new(3, 2, 2).unwrap_err().to_string();
        assert!(
            error.starts_with("2 overturned and 2 complaints upheld of 3"),
            "{error}"
        );
        let json = r#"{"reviewed":1,"overturned":0,"complaints_upheld":0,"uploader":1}"#;
        let error = serde_json::from_str::<Reviews>(json).unwrap_err();
        assert!(error.to_string().contains("`uploader`"), "{error}");
    }
}
