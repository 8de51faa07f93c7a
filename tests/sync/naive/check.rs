//! What a client checks, each by a name, so that one can be made that lacks just that.

use ijkpunt::tuf::Role;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Check {
    /// What was kept is there, or nothing is done.
    KeptState,
    /// The root that was kept is where it goes on, and not the one that it was shipped with.
    KeptRoot,
    /// Nothing of a round is kept before all of it is there.
    AllOrNothing,
    /// All mirrors are asked, and not only the first one that answers.
    AllMirrors,

    /// The next root is one version higher.
    RootVersion,
    /// As many states of the old root have signed the new one as the old one asks for.
    OldRootSigned,
    /// As many states of the new root have signed it as it asks for.
    NewRootSigned,
    /// Two states at least sign what states sign.
    LeastStates,
    /// Keys of one state count once, and a root gives it one a role.
    DistinctStates,
    /// One key has one holder.
    OneHolder,
    /// No key goes from one holder to another.
    MovedKeys,
    /// The name of a key is the digest of it and of its state.
    KeyIds,
    /// A key that was taken away from the publisher takes the versions with it that it has signed.
    Recovery,
    /// As long as no key is taken away, versions stay.
    RecoveryOnly,

    /// A signature is one.
    Signature,
    /// It is there once.
    DuplicateSignatures,
    /// As many have signed as have to, and not only one.
    Threshold,
    /// The key is one of the role.
    RoleOfKey,
    /// The key is one of the newest root.
    RevokedKeys,

    /// No more bytes than were promised, or than there can be.
    Length,
    /// Metadata is that of which the page before speaks, by length, digest and version.
    Match,
    /// A target has the digest that was signed.
    Digest,
    /// Nothing older than what was seen before.
    Rollback(Role),
    /// Nothing that has run out by the clock.
    Expiry(Role),
    /// Nothing that has run out by the latest time that was kept.
    Clock,
    /// A time is kept only if metadata counted by it.
    ClockCounted,

    /// A target is one that was signed, and not whatever lies there.
    Listed,
    /// The name of a target is a number, and no path.
    TargetNames,
    /// No list with a lower number than the one that is installed.
    ListRollback,
    /// Nor another one with the same number.
    SameNumber,
    /// What was signed is a list.
    Opened,
    /// It has the number that its name says.
    NumberInName,
    /// A log is as long as before, or longer.
    LogShorter,
    /// What is as long as before is the same.
    LogForked,
    /// What is longer is shown to hold what it held.
    LogShown,
    /// A log that was read before is there.
    LogGone,

    /// Suspensions are read also where metadata does not count.
    SuspensionsBeside,
    /// They are those of the register.
    RegisterOfList,
    /// They are signed by the key of their log.
    SuspensionSigned,
    /// The installed list has not looked at them yet.
    Settled,
    /// What was read once stays, whether or not a mirror still has it.
    SuspensionsKept,
    /// Only who has suspended an entry resumes it.
    ResumedByOther,
    /// Behind a place at which a log tells two stories, nothing is resumed.
    ForkResumesNothing,
    /// So many a day.
    Bound,

    /// A file is there. No client does without it.
    There,
    /// It can be read at all. No client does without it.
    Form,
}
