/// What a verb form may be; one spelling can be several ("left": past and participle).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Form(pub u16);

impl Form {
    /// Infinitive or English base form.
    pub const INFINITIVE: Form = Form(1);
    /// Present indicative.
    pub const PRESENT: Form = Form(1 << 1);
    /// Simple past, Italian passato remoto.
    pub const PAST: Form = Form(1 << 2);
    /// Italian imperfect.
    pub const IMPERFECT: Form = Form(1 << 3);
    /// Italian future.
    pub const FUTURE: Form = Form(1 << 4);
    /// Italian conditional.
    pub const CONDITIONAL: Form = Form(1 << 5);
    /// Italian subjunctive.
    pub const SUBJUNCTIVE: Form = Form(1 << 6);
    /// Past participle.
    pub const PARTICIPLE: Form = Form(1 << 7);
    /// Gerund, English -ing.
    pub const GERUND: Form = Form(1 << 8);
    /// Third person singular.
    pub const SINGULAR: Form = Form(1 << 9);
    /// Third person plural, plural participle.
    pub const PLURAL: Form = Form(1 << 10);
    /// Feminine participle.
    pub const FEMININE: Form = Form(1 << 11);
    /// Carries a reflexive clitic ("dimettersi").
    pub const REFLEXIVE: Form = Form(1 << 12);
    /// Carries an object clitic ("nominarlo").
    pub const CLITIC: Form = Form(1 << 13);

    /// Returns whether one of `other`'s marks is set.
    pub fn has(self, other: Form) -> bool {
        self.0 & other.0 != 0
    }

    /// Returns the marks of both.
    pub fn with(self, other: Form) -> Form {
        Form(self.0 | other.0)
    }
}
