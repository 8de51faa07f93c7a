use pkcs8::der::EncodePem;
use pkcs8::der::asn1::OctetStringRef;
use pkcs8::pkcs5::{pbes2::Parameters, scrypt};
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding};

use super::*;
use crate::sign::KeyFileError;
use crate::sign::keyfile::Cost;

/// So that a thousand damaged files take a second.
const CHEAP: Cost = Cost {
    log_n: 4,
    r: 1,
    p: 1,
};

fn opened(pem: &str, passphrase: &[u8]) -> Result<PublicKey, KeyFileError> {
    SigningKey::from_pem(pem, passphrase).map(|key| key.public_key())
}

#[test]
fn a_key_comes_back_by_its_passphrase_only() {
    let pem = key(7).to_pem(b"correct").unwrap();
    assert_eq!(opened(&pem, b"correct"), Ok(key(7).public_key()));
    assert_eq!(opened(&pem, b"incorrect"), Err(KeyFileError::Damaged));
    assert_eq!(opened(&pem, b""), Err(KeyFileError::Damaged));
    assert_eq!(key(7).to_pem(b"").unwrap_err(), KeyFileError::NoPassphrase);
}

/// Salt and vector hang on both.
#[test]
fn files_of_other_keys_and_passphrases_have_nothing_in_common() {
    let salts = [(7, "a"), (7, "b"), (8, "a")].map(|(number, passphrase)| {
        let pem = key(number).to_pem_at(passphrase.as_bytes(), CHEAP).unwrap();
        let again = key(number).to_pem_at(passphrase.as_bytes(), CHEAP).unwrap();
        assert_eq!(pem, again);
        let body: String = pem.lines().skip(2).collect();
        let der = body.split("-----").next().unwrap().to_owned();
        crate::sign::spelling::from_base64(&der).unwrap()[34..50].to_vec()
    });
    assert!(salts[0] != salts[1] && salts[0] != salts[2] && salts[1] != salts[2]);
}

/// Made by `openssl pkcs8 -topk8 -scrypt -v2 aes-256-cbc`, with our first line before it.
#[test]
fn a_file_of_openssl_is_read() {
    let body = "-----BEGIN ENCRYPTED PRIVATE KEY-----
MIGTME8GCSqGSIb3DQEFDTBCMCEGCSsGAQQB2kcECzAUBAicqzjhW9kx5AICQAAC
AQgCAQEwHQYJYIZIAWUDBAEqBBBaOwM1vmO//90BNJplvhPzBEDzxczgT+EES1xc
5McnqdlJ5b54/8oPu2B3A04qMitdoMgkd4CU6zZ7+svT0BKyJtCYs16By6PgrTdg
asBOKzu5
-----END ENCRYPTED PRIVATE KEY-----
";
    let public = key(7).public_key();
    let pem = format!("ijkpunt signing key of {public}\n{body}");
    assert_eq!(opened(&pem, b"correct"), Ok(public));
    assert_eq!(opened(body, b"correct"), Err(KeyFileError::NoFirstLine));
    let capitals = pem.replace(&public.to_string(), &public.to_string().to_uppercase());
    assert_eq!(
        opened(&capitals, b"correct"),
        Err(KeyFileError::NoFirstLine)
    );
}

#[test]
fn the_first_line_tells_another_key_from_this_one() {
    let pem = key(7).to_pem_at(b"a", CHEAP).unwrap();
    let (mine, other) = (
        key(7).public_key().to_string(),
        key(8).public_key().to_string(),
    );
    assert_eq!(
        opened(&pem.replace(&mine, &other), b"a"),
        Err(KeyFileError::Damaged)
    );
}

#[test]
fn what_is_no_encrypted_key_is_told_from_it() {
    let plain = "-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH
-----END PRIVATE KEY-----
";
    assert_eq!(opened(plain, b"a"), Err(KeyFileError::NotEncrypted));
    let public = "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n";
    let long = key(7).to_pem_at(b"a", CHEAP).unwrap() + &"\n".repeat(4096);
    for text in ["", "a key", public, &long] {
        assert_eq!(opened(text, b"a"), Err(KeyFileError::NoKeyFile));
    }
}

/// A file that would take a gigabyte, or an hour, is refused before it does.
#[test]
fn a_file_does_not_choose_what_it_costs() {
    let params = |log_n, r, p| scrypt::Params::new(log_n, r, p).unwrap();
    let costly = [
        params(17, 8, 1),
        params(14, 33, 1),
        params(4, 1, 17),
        params(40, 8, 1),
    ];
    for cost in costly {
        let scheme = Parameters::generate_scrypt_aes256cbc(cost, &[1; 16], [2; 16]).unwrap();
        assert_eq!(opened(&of_scheme(scheme), b"a"), Err(KeyFileError::Cost));
    }
    let most = Parameters::generate_scrypt_aes256cbc(params(16, 8, 1), &[1; 16], [2; 16]).unwrap();
    assert_eq!(opened(&of_scheme(most), b"a"), Err(KeyFileError::Damaged));
}

#[test]
fn other_ways_to_encrypt_are_refused() {
    let cost = scrypt::Params::new(4, 1, 1).unwrap();
    for scheme in [
        Parameters::generate_pbkdf2_sha256_aes256cbc(2048, &[1; 16], [2; 16]),
        Parameters::generate_scrypt_aes128cbc(cost, &[1; 16], [2; 16]),
    ] {
        assert_eq!(
            opened(&of_scheme(scheme.unwrap()), b"a"),
            Err(KeyFileError::Scheme)
        );
    }
}

/// A file of a scheme, with nothing in it.
fn of_scheme(scheme: Parameters) -> String {
    let info = EncryptedPrivateKeyInfoRef {
        encryption_algorithm: scheme.into(),
        encrypted_data: OctetStringRef::new(&[0; 64]).unwrap(),
    };
    let pem = info.to_pem(LineEnding::LF).unwrap();
    format!("ijkpunt signing key of {}\n{pem}", key(7).public_key())
}

/// The encryption would let a change of half of the key pass.
#[test]
fn no_change_of_a_file_gives_another_key() {
    let pem = key(7).to_pem_at(b"correct", CHEAP).unwrap();
    for length in 0..pem.len() {
        assert!(
            opened(&pem[..length], b"correct").is_err(),
            "cut at {length}"
        );
    }
    for place in 0..pem.len() {
        for mask in [0x01, 0x20, 0x40] {
            let mut changed = pem.clone().into_bytes();
            changed[place] ^= mask;
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                opened(&changed, b"correct").is_err(),
                "byte {place}, mask {mask:#x}"
            );
        }
    }
}
