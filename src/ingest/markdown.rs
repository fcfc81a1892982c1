use super::{Draft, front_matter};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Most marks of a text that is parsed. The parser keeps up to 70 bytes for each: without a limit, 20 MiB of asterisks
/// take 1.2 GiB. Prose has one mark, full stops and line ends included, in 15 bytes or more: 20 MiB of it stay below.
const MAX_MARKS: usize = 2 << 20;

/// Returns a Markdown text as a draft: its words without the marks, a blank line between paragraphs.
///
/// The first heading is the title where the front matter has none, and stays in the text. Lists keep a "- " or their
/// numbers: a paragraph that begins "1997. " is a list to Markdown. Pictures go; the words of links stay. A text of more
/// than [`MAX_MARKS`] marks is no writing of anyone's and stays as it is.
pub(super) fn read(text: &str) -> Result<Draft, front_matter::Problem> {
    let (mut draft, body) = front_matter::split(text)?;
    if body.bytes().filter(|b| b.is_ascii_punctuation() || *b == b'\n').count() > MAX_MARKS {
        draft.text = body.to_owned();
        return Ok(draft);
    }
    let mut page = Page::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    for event in Parser::new_ext(body, options) {
        page.add(event);
    }
    draft.title = draft.title.or(page.title);
    // Markdown drops the space that an archive's date line begins with.
    let is_dated = body.starts_with(" date ") && page.text.starts_with("date ");
    draft.text = if is_dated { format!(" {}", page.text) } else { page.text };
    Ok(draft)
}

#[derive(Default)]
struct Page {
    text: String,
    title: Option<String>,
    /// Where the words of a first heading begin.
    heading: Option<usize>,
    n_pictures: usize,
    /// The next number of each open list; none for bullets.
    lists: Vec<Option<u64>>,
}

impl Page {
    fn add(&mut self, event: Event<'_>) {
        match event {
            // Alternative texts describe pictures that the reader of the dataset does not see.
            Event::Start(Tag::Image { .. }) => self.n_pictures += 1,
            Event::End(TagEnd::Image) => self.n_pictures = self.n_pictures.saturating_sub(1),
            _ if self.n_pictures > 0 => {}
            Event::Text(words) | Event::Code(words) => self.text.push_str(&words),
            Event::InlineHtml(html) | Event::Html(html) => self.push_without_tags(&html),
            Event::SoftBreak => self.text.push(' '),
            Event::HardBreak => self.text.push('\n'),
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Rule => self.blank_line(),
            _ => {}
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.blank_line();
                let is_first = self.text.trim().is_empty() && *level == HeadingLevel::H1;
                self.heading = is_first.then_some(self.text.len());
            }
            Tag::Paragraph if self.at_item() => {}
            Tag::Paragraph | Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Table(_) => {
                self.blank_line();
            }
            Tag::List(first) => {
                if self.lists.is_empty() {
                    self.blank_line();
                } else {
                    self.new_line();
                }
                self.lists.push(*first);
            }
            Tag::Item => {
                self.new_line();
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.text.push_str(&format!("{number}. "));
                        *number += 1;
                    }
                    _ => self.text.push_str("- "),
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) => {
                if let Some(start) = self.heading.take() {
                    self.title = self.text.get(start..).map(str::to_owned);
                }
                self.blank_line();
            }
            TagEnd::List(_) => {
                self.lists.pop();
                if self.lists.is_empty() {
                    self.blank_line();
                }
            }
            TagEnd::TableCell => self.text.push_str(" | "),
            TagEnd::TableRow | TagEnd::TableHead => {
                let end = self.text.trim_end_matches([' ', '|']).len();
                self.text.truncate(end);
                self.new_line();
            }
            TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::CodeBlock | TagEnd::Table => {
                self.blank_line();
            }
            _ => {}
        }
    }

    /// Whether the marker of a list item was the last thing written: its first paragraph goes on in the same line.
    fn at_item(&self) -> bool {
        !self.lists.is_empty() && (self.text.ends_with("- ") || self.text.ends_with(". "))
    }

    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn blank_line(&mut self) {
        self.new_line();
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    fn push_without_tags(&mut self, html: &str) {
        let mut rest = html;
        while let Some((before, tag)) = rest.split_once('<') {
            self.text.push_str(before);
            match tag.split_once('>') {
                Some((_, after)) => rest = after,
                None => return,
            }
        }
        self.text.push_str(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_MARKS, read};

    fn check(markdown: &str, text: &str) {
        let draft = read(markdown).expect("no front matter");
        assert_eq!(draft.text.trim_end(), text, "{markdown}");
    }

    #[test]
    fn marks_go_and_words_stay() {
        check("**Anna** *Neri*, [ceo](http://x.it) of `Acme`.", "Anna Neri, ceo of Acme.");
        check("One\ntwo  \nthree", "One two\nthree");
        check("# Title\n\nFirst.\n\n## Sub\nSecond.", "Title\n\nFirst.\n\nSub\n\nSecond.");
        check("- Anna\n- Bruno\n\nEnd", "- Anna\n- Bruno\n\nEnd");
        check("1997. Anna leaves Acme.", "1997. Anna leaves Acme.");
        check("Text ![a picture](x.png) goes on", "Text  goes on");
        check("| Name | Role |\n|---|---|\n| Anna | ceo |", "Name | Role\nAnna | ceo");
        check("<div>Anna</div>\n\n<b>Bruno</b> left.", "Anna\n\nBruno left.");
        check("AT&amp;T and a &lt; b", "AT&T and a < b");
        check(" date 2024-09 Anna left.", " date 2024-09 Anna left.");
        check("> Quoted.\n\nAnna said.", "Quoted.\n\nAnna said.");
    }

    #[test]
    fn a_text_of_nothing_but_marks_is_not_parsed() {
        let marks = "*a* ".repeat(MAX_MARKS / 2);
        check(&marks, "a ".repeat(MAX_MARKS / 2).trim_end());
        let more = format!("{marks}*");
        assert_eq!(read(&more).expect("right").text, more);
    }

    #[test]
    fn the_first_heading_is_the_title() {
        assert_eq!(
            read("# Anna *leaves*\n\nx").expect("right").title.as_deref(),
            Some("Anna leaves")
        );
        assert_eq!(read("x\n\n# Later").expect("right").title, None);
        let both = read("---\ntitle: A\n---\n# B\n").expect("right");
        assert_eq!(both.title.as_deref(), Some("A"));
    }
}
