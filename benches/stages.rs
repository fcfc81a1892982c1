//! Time of each stage: `cargo bench`. Compare the figures of two versions on one machine; never quote them alone.

use std::fs;
use std::path::{Path, PathBuf};
use valzer::extract::{self, Extractor};
use valzer::ingest::{self, Ingested};
use valzer::model::{Article, ArticleClaims};

fn main() {
    divan::main();
}

/// Returns the articles of `examples/articles`, again and again with a number in the last line, until there are `n`.
fn articles(n: usize) -> Vec<Article> {
    let examples = read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/articles"));
    (0..n)
        .map(|i| {
            let one = &examples[i % examples.len()];
            let text = format!("{}\n\n({})", one.text, i / examples.len());
            let id = format!("{}-{}", one.id, i / examples.len());
            let copy = Article::from_text(&id, &text, one.language, one.published_on);
            Article { source: format!("{id}.txt"), ..copy }
        })
        .collect()
}

fn read(folder: &Path) -> Vec<Article> {
    let mut articles = Vec::new();
    let inputs: [PathBuf; 1] = [folder.to_owned()];
    ingest::ingest(&inputs, &ingest::Options::default(), &mut |one| {
        if let Ingested::Article(article) = one {
            articles.push(*article);
        }
    })
    .expect("the folder exists");
    articles
}

fn extractor() -> Extractor {
    Extractor::new(&extract::Options::default())
}

#[divan::bench(args = [100])]
fn ingest_articles(bencher: divan::Bencher<'_, '_>, n: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for article in articles(n) {
        fs::write(folder.path().join(&article.source), article.text).expect("a file");
    }
    bencher
        .counter(divan::counter::ItemsCount::new(n))
        .bench(|| assert_eq!(read(folder.path()).len(), n));
}

/// What every run pays before its first article.
#[divan::bench]
fn start_extractor() -> Extractor {
    extractor()
}

#[divan::bench(args = [10])]
fn extract_articles(bencher: divan::Bencher<'_, '_>, n: usize) {
    let (extractor, articles) = (extractor(), articles(n));
    bencher
        .counter(divan::counter::ItemsCount::new(n))
        .bench(|| articles.iter().map(|a| extractor.extract(a)).collect::<Vec<ArticleClaims>>());
}

#[divan::bench(args = [100])]
fn write_claims_as_json(bencher: divan::Bencher<'_, '_>, n: usize) {
    let claims = claims(n);
    bencher.counter(divan::counter::ItemsCount::new(n)).bench(|| {
        claims
            .iter()
            .map(|c| serde_json::to_string(&extract::json::to_record(c)).expect("JSON").len())
            .sum::<usize>()
    });
}

fn claims(n: usize) -> Vec<ArticleClaims> {
    let extractor = extractor();
    articles(n).iter().map(|a| extractor.extract(a)).collect()
}

#[divan::bench(args = [10, 100])]
fn resolve_claims(bencher: divan::Bencher<'_, '_>, n: usize) {
    let claims = claims(n);
    let knowledge = valzer::resolve::Knowledge::default();
    bencher
        .counter(divan::counter::ItemsCount::new(n))
        .bench(|| valzer::resolve::resolve(&claims, &knowledge, &[]));
}

#[divan::bench(args = [100])]
fn store_articles_and_claims(bencher: divan::Bencher<'_, '_>, n: usize) {
    let (articles, claims) = (articles(n), claims(n));
    bencher
        .counter(divan::counter::ItemsCount::new(n))
        .with_inputs(|| tempfile::tempdir().expect("a temporary folder"))
        .bench_values(|folder| {
            let path = folder.path().join("valzer.sqlite");
            let mut store = valzer::store::Store::open(&path).expect("a new database");
            store.put_articles(&articles).expect("articles go in");
            store.put_claims("bench", &claims).expect("claims go in");
            store.finish().expect("it closes");
            folder
        });
}
