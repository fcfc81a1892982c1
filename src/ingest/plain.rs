use super::{Draft, front_matter};

/// Returns a plain text as a draft: its front matter, if any, apart; everything else as it stands.
pub(super) fn read(text: &str) -> Result<Draft, front_matter::Problem> {
    let (mut draft, body) = front_matter::split(text)?;
    draft.text = body.to_owned();
    Ok(draft)
}
