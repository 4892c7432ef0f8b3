//! Staff pages of the register.

use axum::Router;

use crate::queries::Register;

pub(crate) fn routes(_register: Register, _bureau_name: String) -> Router {
    Router::new()
}
