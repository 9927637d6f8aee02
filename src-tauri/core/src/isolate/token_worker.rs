//! The child's side of tokens: loads the vendor's library and does what it is asked.

use std::path::Path;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Slot, TokenInfo};
use cryptoki::types::AuthPin;

use super::token::{TokenKey, TokenView, Tries};
use crate::sign::key::Secret;
use crate::sign::signer::{SignatureAlgorithm, TokenError};

/// Most certificates of one token that are looked at.
const MAX_KEYS: usize = 64;
/// DigestInfo of SHA-256 (RFC 8017, 9.2), for tokens that only know plain RSA.
const SHA256_INFO: [u8; 19] =
    [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20];

/// A token that is open.
pub(super) struct OpenToken {
    pkcs11: Pkcs11,
    slot: Slot,
    serial: String,
    session: Session,
    key: ObjectHandle,
    mechanisms: Vec<MechanismType>,
}

fn module(path: &Path) -> Result<Pkcs11, TokenError> {
    let pkcs11 = Pkcs11::new(path).map_err(|_| TokenError::NoModule)?;
    pkcs11
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .map_err(|_| TokenError::NoModule)?;
    Ok(pkcs11)
}

fn problem(error: &Error) -> TokenError {
    let Error::Pkcs11(code, _) = error else { return TokenError::Refused };
    match code {
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => TokenError::WrongPin,
        RvError::PinLocked => TokenError::Locked,
        RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::DeviceRemoved
        | RvError::DeviceError
        | RvError::SlotIdInvalid
        | RvError::SessionHandleInvalid
        | RvError::SessionClosed => TokenError::Removed,
        _ => TokenError::Refused,
    }
}

fn tries(info: &TokenInfo) -> Tries {
    if info.user_pin_locked() {
        Tries::None
    } else if info.user_pin_final_try() {
        Tries::Last
    } else if info.user_pin_count_low() {
        Tries::Few
    } else {
        Tries::All
    }
}

/// The tokens a module sees, with the certificates on each. One that cannot be read hides no other.
pub(super) fn tokens(path: &Path) -> Result<Vec<TokenView>, TokenError> {
    let pkcs11 = module(path)?;
    let slots = pkcs11.get_slots_with_token().map_err(|e| problem(&e))?;
    let (mut found, mut worst) = (Vec::new(), None);
    for slot in slots {
        match token(path, &pkcs11, slot) {
            Ok(token) => found.extend(token),
            Err(error) => worst = Some(problem(&error)),
        }
    }
    if let (true, Some(worst)) = (found.is_empty(), worst) { Err(worst) } else { Ok(found) }
}

/// The token in a slot; `None` while it is empty.
fn token(path: &Path, pkcs11: &Pkcs11, slot: Slot) -> Result<Option<TokenView>, Error> {
    let info = pkcs11.get_token_info(slot)?;
    if !info.token_initialized() {
        return Ok(None);
    }
    Ok(Some(TokenView {
        module: path.to_path_buf(),
        label: info.label().trim().to_owned(),
        serial: info.serial_number().trim().to_owned(),
        model: info.model().trim().to_owned(),
        manufacturer: info.manufacturer_id().trim().to_owned(),
        tries: tries(&info),
        keys: certificates(pkcs11, slot)?,
    }))
}

fn certificates(pkcs11: &Pkcs11, slot: Slot) -> Result<Vec<TokenKey>, Error> {
    let session = pkcs11.open_ro_session(slot)?;
    let mut keys = Vec::new();
    for object in
        session.find_objects(&[Attribute::Class(ObjectClass::CERTIFICATE)])?.into_iter().take(MAX_KEYS)
    {
        let (mut id, mut value) = (Vec::new(), Vec::new());
        for attribute in session.get_attributes(object, &[AttributeType::Id, AttributeType::Value])? {
            match attribute {
                Attribute::Id(bytes) => id = bytes,
                Attribute::Value(bytes) => value = bytes,
                _ => {}
            }
        }
        keys.push(TokenKey { id: crate::hex::encode(&id), certificate: crate::hex::encode(&value) });
    }
    Ok(keys)
}

impl OpenToken {
    /// Logs in, once, and finds the private key. Makers give two tokens one serial number: the label must fit too,
    /// and only one token may, or a try of the PIN is spent on the wrong one.
    pub(super) fn open(
        path: &Path,
        (label, serial): (&str, &str),
        key: &str,
        pin: &Secret,
    ) -> Result<Self, TokenError> {
        let pkcs11 = module(path)?;
        let slots = pkcs11.get_slots_with_token().map_err(|e| problem(&e))?;
        let wanted = |slot: &Slot| {
            pkcs11
                .get_token_info(*slot)
                .is_ok_and(|info| info.serial_number().trim() == serial && info.label().trim() == label)
        };
        let mut fitting = slots.into_iter().filter(wanted);
        let slot = match (fitting.next(), fitting.next()) {
            (Some(only), None) => only,
            (None, _) => return Err(TokenError::NoToken),
            (Some(_), Some(_)) => return Err(TokenError::SeveralTokens),
        };
        let info = pkcs11.get_token_info(slot).map_err(|e| problem(&e))?;
        if info.user_pin_locked() {
            return Err(TokenError::Locked);
        }
        let mechanisms = pkcs11.get_mechanism_list(slot).map_err(|e| problem(&e))?;
        let session = pkcs11.open_ro_session(slot).map_err(|e| problem(&e))?;
        let pin = AuthPin::new(pin.as_str().into());
        session.login(UserType::User, Some(&pin)).map_err(|e| problem(&e))?;
        let id = crate::hex::decode(key).ok_or(TokenError::NoKey)?;
        let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Id(id)];
        let found = session.find_objects(&wanted).map_err(|e| problem(&e))?;
        let key = found.into_iter().next().ok_or(TokenError::NoKey)?;
        Ok(Self { pkcs11, slot, serial: serial.to_owned(), session, key, mechanisms })
    }

    /// Why it did not sign. A library may refuse in words of its own what is no longer there.
    fn problem(&self, error: &Error) -> TokenError {
        let same = |slot: &Slot| {
            let info = self.pkcs11.get_token_info(*slot);
            *slot == self.slot && info.is_ok_and(|info| info.serial_number().trim() == self.serial)
        };
        let there = || self.pkcs11.get_slots_with_token().is_ok_and(|slots| slots.iter().any(same));
        match problem(error) {
            TokenError::Refused if !there() => TokenError::Removed,
            other => other,
        }
    }

    /// Signs as the scheme says.
    pub(super) fn sign(&self, message: &[u8], scheme: SignatureAlgorithm) -> Result<Vec<u8>, TokenError> {
        let digest = || scheme.digest().of(message);
        let done = match scheme {
            SignatureAlgorithm::Rsa if self.mechanisms.contains(&MechanismType::SHA256_RSA_PKCS) => {
                self.session.sign(&Mechanism::Sha256RsaPkcs, self.key, message)
            }
            SignatureAlgorithm::Rsa => {
                let info = [SHA256_INFO.as_slice(), &digest()].concat();
                self.session.sign(&Mechanism::RsaPkcs, self.key, &info)
            }
            SignatureAlgorithm::P256 | SignatureAlgorithm::P384 => {
                self.session.sign(&Mechanism::Ecdsa, self.key, &digest())
            }
            SignatureAlgorithm::Ed25519 => {
                let pure = EddsaParams::new(EddsaSignatureScheme::Ed25519);
                self.session.sign(&Mechanism::Eddsa(pure), self.key, message)
            }
        };
        let signature = done.map_err(|e| self.problem(&e))?;
        match scheme {
            SignatureAlgorithm::P256 | SignatureAlgorithm::P384 => {
                ecdsa_value(&signature).ok_or(TokenError::Refused)
            }
            _ => Ok(signature),
        }
    }
}

/// ECDSA-Sig-Value (RFC 3279, 2.2.3) of the two halves a token gives.
fn ecdsa_value(halves: &[u8]) -> Option<Vec<u8>> {
    use x509_cert::der::{Encode as _, asn1::UintRef};
    if halves.is_empty() || !halves.len().is_multiple_of(2) {
        return None;
    }
    let (r, s) = halves.split_at(halves.len() / 2);
    vec![UintRef::new(r).ok()?, UintRef::new(s).ok()?].to_der().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_of_a_signature_become_two_positive_numbers() {
        assert_eq!(ecdsa_value(&[0, 5, 0x80, 1]).unwrap(), [0x30, 8, 2, 1, 5, 2, 3, 0, 0x80, 1]);
        assert_eq!(ecdsa_value(&[1, 2, 3]), None);
    }
}
