//! The top of a Go file: `package name`, then import declarations.

use super::error::SyntaxError;
use super::keywords::is_keyword;
use super::lexer::{Kind, Lexer, Span, Token};

/// What stands above a file's first declaration that is no import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSection {
    /// The package's name.
    pub package: String,
    /// The import declarations in order.
    pub declarations: Vec<ImportDeclaration>,
    /// All comments up to the first other declaration, those before the package clause included.
    pub comments: Vec<Span>,
}

impl ImportSection {
    /// All imports in order.
    pub fn specs(&self) -> impl Iterator<Item = &ImportSpec> {
        self.declarations.iter().flat_map(|each| &each.specs)
    }
}

/// `import "a"` or `import ( ... )`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportDeclaration {
    /// Where the word `import` stands.
    pub keyword: Span,
    /// From `(` to `)`, both included, where there are any.
    pub group: Option<Span>,
    /// What is imported, in order.
    pub specs: Vec<ImportSpec>,
}

/// One import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportSpec {
    /// Where the name before the path stands (`_` and `.` are names too), if there is one.
    pub name: Option<Span>,
    /// Where the path stands, its quotes included.
    pub literal: Span,
    /// The path that the literal means.
    pub path: String,
}

impl ImportSpec {
    /// The whole of it, from the name or the path to the end of the path.
    pub fn span(&self) -> Span {
        self.name
            .as_ref()
            .map_or(self.literal.start, |name| name.start)..self.literal.end
    }
}

/// Reads the package clause and the imports, and nothing after them.
pub fn imports(source: &[u8]) -> Result<ImportSection, SyntaxError> {
    Parser::new(source)?.section()
}

/// The same for a file that is to be a whole: what follows the imports is read too, and refused
/// where Go's scanner refuses it, where brackets do not match, and where something other than a
/// declaration stands at the top level. Mistakes inside declarations go unseen.
pub fn check(source: &[u8]) -> Result<ImportSection, SyntaxError> {
    let mut parser = Parser::new(source)?;
    let section = parser.section()?;
    parser.rest()?;
    Ok(section)
}

struct Parser<'a> {
    source: &'a [u8],
    lexer: Lexer<'a>,
    token: Token,
    comments: Vec<Span>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a [u8]) -> Result<Self, SyntaxError> {
        let mut parser = Self {
            source,
            lexer: Lexer::new(source),
            token: Token {
                kind: Kind::End,
                span: 0..0,
            },
            comments: Vec::new(),
        };
        parser.advance()?;
        Ok(parser)
    }

    fn advance(&mut self) -> Result<(), SyntaxError> {
        loop {
            self.token = self.lexer.next_token()?;
            if self.token.kind != Kind::Comment {
                return Ok(());
            }
            self.comments.push(self.token.span.clone());
        }
    }

    fn text(&self) -> &'a [u8] {
        self.lexer.text(&self.token)
    }

    fn is(&self, text: &[u8]) -> bool {
        matches!(self.token.kind, Kind::Word | Kind::Operator) && self.text() == text
    }

    fn expected<T>(&self, what: &str) -> Result<T, SyntaxError> {
        let found = match self.token.kind {
            Kind::End => "the end of the file".to_owned(),
            Kind::Semicolon if self.token.span.is_empty() => "the end of the line".to_owned(),
            _ => format!("`{}`", String::from_utf8_lossy(self.text())),
        };
        Err(self.error(format!("expected {what}, found {found}")))
    }

    fn error(&self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::at(self.source, self.token.span.start, message)
    }

    fn section(&mut self) -> Result<ImportSection, SyntaxError> {
        if !self.is(b"package") {
            return self.expected("`package`");
        }
        self.advance()?;
        if !self.is_name() {
            return self.expected("the package's name");
        }
        let package = String::from_utf8_lossy(self.text()).into_owned();
        self.advance()?;
        self.semicolon()?;
        let mut declarations = Vec::new();
        while self.is(b"import") {
            declarations.push(self.declaration()?);
        }
        Ok(ImportSection {
            package,
            declarations,
            comments: std::mem::take(&mut self.comments),
        })
    }

    fn is_name(&self) -> bool {
        self.token.kind == Kind::Word && !is_keyword(self.text())
    }

    /// The end of a statement; before a closing bracket there need not be any sign of it.
    fn semicolon(&mut self) -> Result<(), SyntaxError> {
        match self.token.kind {
            Kind::Semicolon => self.advance(),
            Kind::Operator if matches!(self.text(), b")" | b"}") => Ok(()),
            _ => self.expected("`;` or the end of the line"),
        }
    }

    fn declaration(&mut self) -> Result<ImportDeclaration, SyntaxError> {
        let keyword = self.token.span.clone();
        self.advance()?;
        if !self.is(b"(") {
            let specs = vec![self.spec()?];
            return Ok(ImportDeclaration {
                keyword,
                group: None,
                specs,
            });
        }
        let open = self.token.span.start;
        self.advance()?;
        let mut specs = Vec::new();
        while !self.is(b")") {
            specs.push(self.spec()?);
        }
        let close = self.token.span.end;
        self.advance()?;
        self.semicolon()?;
        Ok(ImportDeclaration {
            keyword,
            group: Some(open..close),
            specs,
        })
    }

    fn spec(&mut self) -> Result<ImportSpec, SyntaxError> {
        let mut name = None;
        if self.is_name() || self.is(b".") {
            name = Some(self.token.span.clone());
            self.advance()?;
        }
        let literal = self.token.span.clone();
        let path = match self.token.kind {
            Kind::Interpreted => unquote(self.text()),
            Kind::Raw => Some(raw(self.text())),
            _ => return self.expected("an import path in quotes"),
        };
        let Some(path) = path.filter(|path| is_import_path(path)) else {
            let literal = String::from_utf8_lossy(self.text());
            return Err(self.error(format!("invalid import path: {literal}")));
        };
        self.advance()?;
        self.semicolon()?;
        Ok(ImportSpec {
            name,
            literal,
            path,
        })
    }

    /// Reads on to the end of the file.
    fn rest(&mut self) -> Result<(), SyntaxError> {
        let mut open = Vec::new();
        let mut starts_declaration = true;
        loop {
            let at_top = open.is_empty();
            if self.token.kind == Kind::End {
                return if at_top {
                    Ok(())
                } else {
                    self.expected("a closing bracket")
                };
            }
            if starts_declaration && !DECLARATIONS.contains(&self.text()) {
                return self.expected("a declaration");
            }
            if self.token.kind == Kind::Operator {
                match *self.text() {
                    [b'('] => open.push(b')'),
                    [b'['] => open.push(b']'),
                    [b'{'] => open.push(b'}'),
                    [close @ (b')' | b']' | b'}')] if open.pop() != Some(close) => {
                        return Err(self.error("unexpected closing bracket"));
                    }
                    _ => {}
                }
            }
            starts_declaration = at_top && self.token.kind == Kind::Semicolon;
            self.token = self.lexer.next_code()?;
        }
    }
}

/// What a declaration begins with; imports have had their turn.
const DECLARATIONS: [&[u8]; 4] = [b"const", b"func", b"type", b"var"];

/// The value of a string literal, in quotes or backquotes; `None` where the text is not one alone.
pub fn string_value(literal: &[u8]) -> Option<String> {
    let token = Lexer::new(literal).next_token().ok()?;
    match token.kind {
        _ if token.span != (0..literal.len()) => None,
        Kind::Interpreted => unquote(literal),
        Kind::Raw => Some(raw(literal)),
        _ => None,
    }
}

/// A raw string's value, in which carriage returns do not count.
fn raw(literal: &[u8]) -> String {
    let inner = &literal[1..literal.len() - 1];
    String::from_utf8_lossy(inner).replace('\r', "")
}

/// An interpreted string's value; `None` where it is not UTF-8 and so no import path.
fn unquote(literal: &[u8]) -> Option<String> {
    let mut rest = &literal[1..literal.len() - 1];
    let mut value = Vec::with_capacity(rest.len());
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'\\' {
            value.push(byte);
            continue;
        }
        let (&escape, after) = rest.split_first()?;
        rest = after;
        let (digits, base) = match escape {
            b'x' => (2, 16),
            b'u' => (4, 16),
            b'U' => (8, 16),
            b'0'..=b'7' => {
                rest = &literal[literal.len() - 1 - rest.len() - 1..literal.len() - 1];
                (3, 8)
            }
            _ => {
                value.push(simple_escape(escape));
                continue;
            }
        };
        let number = std::str::from_utf8(rest.get(..digits)?).ok()?;
        let number = u32::from_str_radix(number, base).ok()?;
        rest = &rest[digits..];
        if digits < 4 {
            value.push(u8::try_from(number).ok()?);
        } else {
            let mut buffer = [0; 4];
            let character = char::from_u32(number)?.encode_utf8(&mut buffer);
            value.extend_from_slice(character.as_bytes());
        }
    }
    String::from_utf8(value).ok()
}

fn simple_escape(letter: u8) -> u8 {
    match letter {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        same => same,
    }
}

/// What Go accepts as an import path: something, all of it visible, without most of ASCII's
/// punctuation.
fn is_import_path(path: &str) -> bool {
    let refused = |c: char| {
        c.is_control() || c.is_whitespace() || "!\"#$%&'()*,:;<=>?[\\]^{|}`\u{fffd}".contains(c)
    };
    // Rust escapes exactly the characters that Go does not call graphic, save that it also escapes
    // a combining mark in first place, which the letter before it here prevents.
    let shown = format!("x{path}");
    !path.is_empty() && !path.contains(refused) && shown.escape_debug().eq(shown.chars())
}
