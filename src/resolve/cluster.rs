/// What joins two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Decision,
    OneFirm,
    Evidence,
    ShortName,
    LegalForm,
    Known,
    Translation,
    Spelling,
    Parentheses,
    Article,
    Alias,
    ShortFirm,
    NearFirm,
}

impl Why {
    /// Returns it in words for people.
    pub(super) fn words(self) -> &'static str {
        match self {
            Why::Decision => "the user's decision",
            Why::OneFirm => "one full name, tied to one organisation",
            Why::Evidence => "evidence",
            Why::ShortName => "a short form, and the one person it fits at that organisation",
            Why::LegalForm => "one name but for the legal form",
            Why::Known => "names of one known organisation",
            Why::Translation => "one name in two languages",
            Why::Spelling => "one name in one word or several",
            Why::Parentheses => "one stands in parentheses behind the other",
            Why::Article => "an article says that they are one",
            Why::Alias => "articles use the one for the other",
            Why::ShortFirm => "a short form, with the same people around it",
            Why::NearFirm => "nearly the same letters, with the same people around them",
        }
    }
}

/// A partition that only grows coarser, with pairs that must never meet.
#[derive(Clone, Debug)]
pub(super) struct Clusters {
    /// What joins from now on.
    pub(super) why: Why,
    /// Every joining of two clusters: two members and what joined them. They make a forest.
    pub(super) joined: Vec<(u32, u32, Why)>,
    parent: Vec<u32>,
    size: Vec<u32>,
    /// For each root, the roots it must not join; symmetric, kept current by [`Clusters::join`].
    apart: Vec<Vec<u32>>,
}

impl Clusters {
    /// Returns `n` clusters of one member each.
    pub(super) fn new(n: usize) -> Self {
        Clusters {
            why: Why::Decision,
            joined: Vec::new(),
            parent: (0..n as u32).collect(),
            size: vec![1; n],
            apart: vec![Vec::new(); n],
        }
    }

    /// Returns the root of `i`'s cluster.
    pub(super) fn find(&mut self, mut i: u32) -> u32 {
        while self.parent[i as usize] != i {
            self.parent[i as usize] = self.parent[self.parent[i as usize] as usize];
            i = self.parent[i as usize];
        }
        i
    }

    /// Forbids the clusters of `a` and `b` to join; returns whether they are two.
    pub(super) fn forbid(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        if a != b && !self.apart[a as usize].contains(&b) {
            self.apart[a as usize].push(b);
            self.apart[b as usize].push(a);
        }
        a != b
    }

    /// Returns whether the two clusters must not join.
    pub(super) fn forbidden(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        let (a, b) = if self.apart[a as usize].len() <= self.apart[b as usize].len() {
            (a, b)
        } else {
            (b, a)
        };
        self.apart[a as usize].contains(&b)
    }

    /// Joins the clusters of `a` and `b` unless that is forbidden; returns whether they are one now.
    pub(super) fn join(&mut self, a: u32, b: u32) -> bool {
        let members = (a, b);
        let (a, b) = (self.find(a), self.find(b));
        if a == b {
            return true;
        }
        if self.forbidden(a, b) {
            return false;
        }
        self.joined.push((members.0, members.1, self.why));
        let (small, large) =
            if (self.size[a as usize], b) < (self.size[b as usize], a) { (a, b) } else { (b, a) };
        self.parent[small as usize] = large;
        self.size[large as usize] += self.size[small as usize];
        for other in std::mem::take(&mut self.apart[small as usize]) {
            self.apart[other as usize].retain(|x| *x != small);
            if !self.apart[other as usize].contains(&large) {
                self.apart[other as usize].push(large);
                self.apart[large as usize].push(other);
            }
        }
        true
    }

    /// Returns for each member the number of its cluster; clusters are numbered by their smallest member.
    pub(super) fn numbers(&mut self) -> (Vec<u32>, usize) {
        let n = self.parent.len();
        let mut number = vec![u32::MAX; n];
        let mut out = vec![0; n];
        let mut next = 0;
        for (i, place) in out.iter_mut().enumerate() {
            let root = self.find(i as u32) as usize;
            if number[root] == u32::MAX {
                number[root] = next;
                next += 1;
            }
            *place = number[root];
        }
        (out, next as usize)
    }
}
