//! Signing: keys at rest, certificates, CMS containers; and, apart from all that, verifying.
//!
//! [`verify`] shares nothing with the signing side but the cryptographic primitives.

pub mod authority;
pub mod certificate;
pub mod cms;
mod der;
pub mod key;
mod level;
pub mod ocsp;
mod pem;
pub mod portable;
pub mod request;
pub mod signer;
pub mod verify;

pub use level::Level;
