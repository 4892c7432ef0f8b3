//! Units as two columns.

use gongxin_kernel::Fault;
use gongxin_supervision_domain::Unit;

use super::broken;

pub(super) fn unit(code: &str, name: String) -> Result<Unit, Fault> {
    Ok(Unit { code: code.parse().map_err(broken)?, name })
}
