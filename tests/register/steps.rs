//! What authorities do at random in `machine`.

use proptest::prelude::*;

/// Authorities: three founders, and one who may be admitted. Behind their registers stands a second copy of the third one's.
pub(crate) const AUTHORITIES: u8 = 4;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Say(u8, Words),
    Rotate(u8),
    Promise(u8),
    Give(u8, u8, Damage),
    Reopen(u8),
}

#[derive(Debug, Clone)]
pub(crate) enum Words {
    Propose,
    Assess(u8, bool),
    Withdraw(u8),
    Suspend(u8),
    Resume(u8, u8),
    EndAct(u8),
    Feedback(u8),
    Admit,
    Adopt,
    Revoke(u8),
}

#[derive(Debug, Clone)]
pub(crate) enum Damage {
    None,
    OwnLog,
    Cut(u8),
    Swapped(u8),
    Repeated(u8),
    Byte(u16),
    Truncated(u16),
    OfAnother,
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let who = 0..=AUTHORITIES;
    let words = prop_oneof![
        4 => Just(Words::Propose),
        6 => (0..4_u8, any::<bool>()).prop_map(|(of, yes)| Words::Assess(of, yes)),
        1 => (0..4_u8).prop_map(Words::Withdraw),
        1 => (0..4_u8).prop_map(Words::Suspend),
        1 => (0..4_u8, 0..9_u8).prop_map(|(of, lifts)| Words::Resume(of, lifts)),
        1 => (0..3_u8).prop_map(Words::EndAct),
        1 => (0..4_u8).prop_map(Words::Feedback),
        3 => Just(Words::Admit),
        1 => Just(Words::Adopt),
        2 => (0..4_u8).prop_map(Words::Revoke),
    ];
    let damage = prop_oneof![
        6 => Just(Damage::None),
        2 => Just(Damage::OwnLog),
        1 => any::<u8>().prop_map(Damage::Cut),
        1 => any::<u8>().prop_map(Damage::Swapped),
        1 => any::<u8>().prop_map(Damage::Repeated),
        1 => any::<u16>().prop_map(Damage::Byte),
        1 => any::<u16>().prop_map(Damage::Truncated),
        1 => Just(Damage::OfAnother),
    ];
    prop_oneof![
        10 => (who.clone(), words).prop_map(|(who, words)| Step::Say(who, words)),
        1 => who.clone().prop_map(Step::Rotate),
        1 => who.clone().prop_map(Step::Promise),
        8 => (who.clone(), who.clone(), damage).prop_map(|(from, to, damage)| Step::Give(from, to, damage)),
        1 => who.prop_map(Step::Reopen),
    ]
}
