//! Checks a receipt that somebody pasted.

use gongxin_transparency::{Receipt, ReceiptError, VerifierKey};

/// Verifies the text against the keys. Line ends of a browser and space around it do not count.
///
/// # Errors
/// Why it is no receipt, or proves nothing.
pub(super) fn receipt(text: &str, keys: &[VerifierKey]) -> Result<Receipt, ReceiptError> {
    let text = format!("{}\n", text.replace("\r\n", "\n").trim());
    let receipt = Receipt::parse(&text)?;
    receipt.verify(keys)?;
    Ok(receipt)
}
