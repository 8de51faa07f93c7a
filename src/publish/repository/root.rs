//! The ceremony: whose keys count.

use std::num::NonZeroU64;

use crate::tuf::{
    Content, Metadata, MetadataError, Request, Role, Root, RootTerms, SignatureFile, SigningError,
    assemble, metadata_path,
};

use super::{Repository, RepositoryError};

impl Repository {
    /// Asks states to sign the first root, or the next one.
    ///
    /// # Errors
    /// [`RepositoryError`]: terms that would let one sign for several, another version than the next, or a key that another state had before.
    pub fn propose_root(&self, terms: RootTerms) -> Result<Request, RepositoryError> {
        let found = terms.version;
        let next = self
            .root()
            .map_or(Some(NonZeroU64::MIN), |root| root.version().checked_add(1));
        let expected = next.ok_or(RepositoryError::Versions(Role::Root))?;
        if found != expected {
            return Err(RepositoryError::RootVersion { expected, found });
        }
        let request = Request::new(Root::new(terms)?);
        // Whether it may follow is asked before the signatures are counted: nobody shall sign in vain.
        match assemble(&request, &[], self.root()) {
            Err(SigningError::Metadata(MetadataError::Terms(why))) => Err(why.into()),
            _ => Ok(request),
        }
    }

    /// Writes a root that enough states have signed, by the root before and by itself. From then on platforms take it.
    ///
    /// Gives the roles of what is published that do not count by it, so that platforms refuse them until they are signed anew: targets by a plan that
    /// states sign ([`Repository::plan`], [`Repository::plan_renewal`]), the publisher's pages by [`Repository::refresh_snapshot`]. There are none
    /// where those states have signed the newest targets whose keys stay, and the publisher's keys stay.
    ///
    /// # Errors
    /// [`RepositoryError`]: too few have signed, something does not fit, or it could not be written; the old root stays.
    pub fn add_root(
        &mut self,
        request: &Request,
        signatures: &[SignatureFile],
    ) -> Result<Vec<Role>, RepositoryError> {
        let role = request.content().role();
        let Content::Root(root) = request.content() else {
            return Err(RepositoryError::NotARoot(role));
        };
        let _lock = self.lock()?;
        // Interrupted behind its last step, it is done.
        if self.root().is_none_or(|newest| **newest != *root) {
            let bytes = assemble(request, signatures, self.root())?;
            self.write(&metadata_path(Role::Root, root.version()), &bytes)?;
            self.read_again()?;
        }
        let newest = self.some_root()?;
        Ok(self.state.not_by(newest, &self.limits))
    }
}
