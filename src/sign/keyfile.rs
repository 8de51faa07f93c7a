//! Keys at rest: a PEM file that `openssl` reads too.

use pkcs8::der::EncodePem;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::pkcs5::pbes2::{EncryptionScheme, Kdf, Parameters, ScryptParams};
use pkcs8::pkcs5::{self, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, SecretDocument};
use zeroize::Zeroizing;

use super::{PublicKey, Signer, SigningKey};

/// The first line: whose key it is. The encryption hides the key and does not seal it, so this tells when it was damaged.
const FIRST: &str = "ijkpunt signing key of ";

const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// What stands before an Ed25519 key of RFC 8410: version 0, the algorithm, and a string in a string.
const HEAD: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// Salt and vector are made of the key and the passphrase: no two plaintexts ever share them, and no randomness can fail.
const SALT: &str = "ijkpunt 2026 key file salt v0";

/// What trying one passphrase costs.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    pub(super) log_n: u8,
    pub(super) r: u32,
    pub(super) p: u32,
}

/// 16 MiB, five times over, some 150 ms. openssl opens nothing that needs 32 MiB or more.
const COST: Cost = Cost {
    log_n: 14,
    r: 8,
    p: 5,
};

/// Files may ask for so much and no more, before anything of it is allocated.
const MOST_BYTES: u64 = 64 << 20;
const MOST_PASSES: u64 = 16;

/// A key file is some 500 bytes.
const MOST_FILE: usize = 4096;

impl SigningKey {
    /// The key as it is kept: a line with its public key, then PKCS#8 (RFC 5958) encrypted by the passphrase with scrypt and
    /// AES-256-CBC, as PEM. `openssl pkey -in FILE` reads it. The same key and passphrase give the same bytes, another passphrase
    /// others.
    ///
    /// # Errors
    /// [`KeyFileError::NoPassphrase`] where it is empty.
    ///
    /// # Cost
    /// 16 MiB of memory and some 150 ms, as for everybody who tries a passphrase.
    pub fn to_pem(&self, passphrase: &[u8]) -> Result<String, KeyFileError> {
        self.to_pem_at(passphrase, COST)
    }

    pub(super) fn to_pem_at(&self, passphrase: &[u8], cost: Cost) -> Result<String, KeyFileError> {
        if passphrase.is_empty() {
            return Err(KeyFileError::NoPassphrase);
        }
        let secret = Zeroizing::new([self.seed().as_slice(), passphrase].concat());
        let drawn = blake3::derive_key(SALT, &secret);
        let (salt, rest) = drawn.split_at(16);
        let mut iv = [0; 16];
        iv.copy_from_slice(rest);
        let plain = Zeroizing::new([HEAD.as_slice(), self.seed()].concat());
        let written = written(&plain, passphrase, cost, salt, iv);
        let pem = written.map_err(|_| KeyFileError::Unwritable)?;
        Ok(format!("{FIRST}{}\n{pem}", self.public_key()))
    }

    /// The key of a file.
    ///
    /// # Errors
    /// [`KeyFileError`]: what is wrong, and what to do. Keys without a passphrase are refused.
    ///
    /// # Cost
    /// As [`SigningKey::to_pem`] for files that it wrote; at most 64 MiB and sixteen times over for others.
    pub fn from_pem(pem: &str, passphrase: &[u8]) -> Result<Self, KeyFileError> {
        if pem.len() > MOST_FILE || !pem.contains("-----BEGIN ") {
            return Err(KeyFileError::NoKeyFile);
        }
        if !pem.contains(&format!("-----BEGIN {ENCRYPTED}-----")) {
            return Err(if pem.contains("PRIVATE KEY-----") {
                KeyFileError::NotEncrypted
            } else {
                KeyFileError::NoKeyFile
            });
        }
        let (first, pem) = pem.split_once('\n').ok_or(KeyFileError::NoKeyFile)?;
        let named = first.strip_prefix(FIRST).ok_or(KeyFileError::NoFirstLine)?;
        let named: PublicKey = named.parse().map_err(|_| KeyFileError::NoFirstLine)?;
        let (label, document) = SecretDocument::from_pem(pem).map_err(|_| KeyFileError::Damaged)?;
        let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes());
        let info = info.map_err(|_| KeyFileError::Damaged)?;
        // One spelling: what openssl writes is this, too.
        if label != ENCRYPTED
            || document
                .to_pem(ENCRYPTED, LineEnding::LF)
                .as_deref()
                .map(String::as_str)
                != Ok(pem)
        {
            return Err(KeyFileError::Damaged);
        }
        let pkcs5::EncryptionScheme::Pbes2(scheme) = &info.encryption_algorithm else {
            return Err(KeyFileError::Scheme);
        };
        check_scheme(scheme)?;
        let mut buffer = Zeroizing::new(info.encrypted_data.as_bytes().to_vec());
        let plain = scheme.decrypt_in_place(passphrase, &mut buffer);
        let seed = plain.ok().and_then(|plain| plain.strip_prefix(&HEAD));
        let seed: &[u8; 32] = seed
            .and_then(|seed| seed.try_into().ok())
            .ok_or(KeyFileError::Damaged)?;
        let key = Self::from_seed(seed);
        if key.public_key() == named {
            Ok(key)
        } else {
            Err(KeyFileError::Damaged)
        }
    }
}

fn written(
    plain: &[u8],
    passphrase: &[u8],
    Cost { log_n, r, p }: Cost,
    salt: &[u8],
    iv: [u8; 16],
) -> Result<String, pkcs8::Error> {
    let invalid = |_| pkcs8::Error::KeyMalformed(pkcs8::KeyError::Invalid);
    let cost = scrypt::Params::new(log_n, r, p).map_err(invalid)?;
    let scheme = Parameters::generate_scrypt_aes256cbc(cost, salt, iv)?;
    let encrypted = scheme.encrypt(passphrase, plain)?;
    let info = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: scheme.into(),
        encrypted_data: OctetStringRef::new(&encrypted)?,
    };
    Ok(info.to_pem(LineEnding::LF)?)
}

/// A file says itself what it costs to open.
fn check_scheme(scheme: &Parameters) -> Result<(), KeyFileError> {
    let (Kdf::Scrypt(scrypt), EncryptionScheme::Aes256Cbc { .. }) =
        (&scheme.kdf, &scheme.encryption)
    else {
        return Err(KeyFileError::Scheme);
    };
    let ScryptParams {
        cost_parameter: n,
        block_size: r,
        parallelization: p,
        ..
    } = scrypt;
    let bytes = n.saturating_mul(u64::from(*r)).saturating_mul(128);
    if bytes > MOST_BYTES || u64::from(*p) > MOST_PASSES {
        return Err(KeyFileError::Cost);
    }
    Ok(())
}

/// A key file cannot be read, or not be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The passphrase is empty.
    #[error("the passphrase is empty: take one")]
    NoPassphrase,
    /// Something else than a key file.
    #[error("no key file: take the file that was written when the key was made")]
    NoKeyFile,
    /// A key that whoever reads the file could use.
    #[error(
        "the key is not encrypted, or in an old way: encrypt it with `openssl pkcs8 -topk8 -scrypt -v2 aes-256-cbc`, and take a new one if others could read the file"
    )]
    NotEncrypted,
    /// The line with the public key is missing.
    #[error(
        "write \"ijkpunt signing key of \" and the public key in 64 digits of 0 to 9 and a to f as the first line: it tells when the key was damaged"
    )]
    NoFirstLine,
    /// Encrypted in another way.
    #[error(
        "the key is not encrypted with scrypt and AES-256-CBC: encrypt it anew with `openssl pkcs8 -topk8 -scrypt -v2 aes-256-cbc`"
    )]
    Scheme,
    /// It would take too much to open.
    #[error(
        "opening the file would take more than 64 MiB, or too long: it is damaged or was made to do harm"
    )]
    Cost,
    /// The passphrase is another one, or the file was changed.
    #[error("wrong passphrase, or the file is damaged: try again, then take a copy of the file")]
    Damaged,
    /// The file cannot be made.
    #[error("the key cannot be written in this form: report this as a bug")]
    Unwritable,
}
