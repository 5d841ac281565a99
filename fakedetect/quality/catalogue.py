"""What can be tested, and every reason to refuse a test: the one place for both, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

from fakedetect.schema import Kind
from fakedetect.words import Text


@dataclass(frozen=True, slots=True)
class Test:
    """One test that data may or may not bear. Features name it in `needs`."""

    __test__ = False  # pytest would otherwise take the name at its word

    name: str
    label: Text
    what: Text
    """What the data must hold."""
    kind: Kind | None = None
    """Kind of rows it is for; None: any."""


TESTS: tuple[Test, ...] = (
    Test("delay", Text("Delay after the post", "Délai après la publication"),
         Text("publish times of the posts, in one clock with the times of the comments, to the minute or "
              "better",
              "les heures de publication, à la même horloge que celles des commentaires, à la minute près "
              "au moins")),
    Test("first_hour", Text("Share of the first hour", "Part de la première heure"),
         Text("delays, and (nearly) all comments of each post",
              "les délais, et (presque) tous les commentaires de chaque publication")),
    Test("burst", Text("Burst after a post", "Afflux après une publication"),
         Text("first-hour shares on enough posts to know what is ordinary",
              "la part de la première heure sur assez de publications pour savoir ce qui est ordinaire")),
    Test("closeness", Text("Closeness in time of two accounts", "Proximité dans le temps de deux comptes"),
         Text("times of the comments, to the minute or better; no publish times",
              "les heures des commentaires, à la minute près au moins ; pas d'heures de publication")),
    Test("hours", Text("Hours of the day", "Heures de la journée"),
         Text("times of the comments to the hour or better, in a known zone",
              "les heures des commentaires, à l'heure près au moins, dans un fuseau connu")),
    Test("history", Text("Activity over days", "Activité au fil des jours"),
         Text("dates of the comments", "les dates des commentaires")),
    Test("text", Text("Texts", "Textes"),
         Text("the comments as written", "les commentaires tels qu'écrits")),
    Test("text_reuse", Text("Reuse of rare phrases", "Réemploi de phrases rares"),
         Text("enough texts of five words or more to know what is rare",
              "assez de textes de cinq mots ou plus pour savoir ce qui est rare")),
    Test("conversation", Text("Conversations", "Conversations"),
         Text("which comment answers which", "quel commentaire répond à quel autre")),
    Test("profile", Text("Profiles", "Profils"),
         Text("profiles of the accounts (age, followers, picture)",
              "les profils des comptes (ancienneté, abonnés, photo)")),
    Test("identity", Text("Stable accounts", "Comptes stables"),
         Text("ids of the accounts, the same from post to post",
              "les identifiants des comptes, les mêmes d'une publication à l'autre")),
    Test("ring", Text("Groups of accounts", "Groupes de comptes"),
         Text("posts enough, and accounts that return to them",
              "assez de publications, et des comptes qui y reviennent")),
    Test("marks", Text("Marks given to competitors", "Notes données à des concurrents"),
         Text("stars, and ids of the accounts", "les étoiles, et les identifiants des comptes"), "reviews"),
    Test("wave", Text("Waves of marks", "Vagues de notes"),
         Text("stars, and dates of the reviews", "les étoiles, et les dates des avis"), "reviews"),
)
TEST_NAMES = frozenset(t.name for t in TESTS)

_POSTS_FILE = Text("add the posts with their publish times: --posts posts.csv",
                   "ajouter les publications et leur heure : --posts posts.csv")
_TIMES = Text("an export that carries the time of each comment",
              "un export qui porte l'heure de chaque commentaire")
_EXACT_TIMES = Text("an export that keeps the time of each comment to the second, such as the platform's "
                    "own API",
                    "un export qui garde l'heure de chaque commentaire à la seconde, comme l'API de la "
                    "plateforme")
_ZONE = Text("state the zone of the export's times: --tz Europe/Paris",
             "indiquer le fuseau des heures de l'export : --tz Europe/Paris")
_IDS = Text("an export that carries the platform's own account ids",
            "un export qui porte les identifiants de compte de la plateforme")
_WHOLE = Text("an export of all comments of each post, without a maximum",
              "un export de tous les commentaires de chaque publication, sans maximum")
_TEXTS = Text("an export that carries the texts of the comments",
              "un export qui porte les textes des commentaires")
_MORE = Text("a longer period, or more pages of the same platform in one audit",
             "une période plus longue, ou plusieurs pages de la même plateforme dans un seul audit")

OF_THE_WHOLE = frozenset({
    "incomplete", "capped", "truncated", "missing_replies", "no_whole_posts", "few_posts", "small_page", "short_texts",
    "few_returning", "first_comment_time",
})
"""Reasons that count comments, posts or accounts: a part of a dump cannot tell whether they hold."""

# Values are whole numbers (hours may end in .5), so that a sentence reads as it is filled.
REASONS: dict[str, tuple[Text, Text]] = {
    "no_comments": (
        Text("there is no comment", "il n'y a aucun commentaire"),
        Text("a dump with comments", "un export avec des commentaires")),
    "no_times": (
        Text("no comment carries a time that can be used", "aucun commentaire ne porte une heure utilisable"),
        _TIMES),
    "naive_times": (
        Text("the times of the comments are local times without a zone",
             "les heures des commentaires sont locales et sans fuseau"),
        _ZONE),
    "relative_words": (
        Text("the times are words such as \"3 hours ago\", and nothing says when they were read",
             "les heures sont des mentions comme « il y a 3 heures », et rien ne dit quand elles ont été "
             "lues"),
        _EXACT_TIMES),
    "few_times": (
        Text("only {percent}% of the comments carry a time",
             "seuls {percent} % des commentaires portent une heure"),
        _TIMES),
    "relative_times": (
        Text("the times were made from words such as \"3 hours ago\": {distinct} distinct minute:second "
             "values in {n} times",
             "les heures viennent de mentions comme « il y a 3 heures » : {distinct} valeurs minute:seconde"
             " distinctes pour {n} heures"),
        _EXACT_TIMES),
    "times_from_ages": (
        Text("the export tool made the times from ages such as \"3 hours ago\"",
             "l'outil d'export a calculé les heures à partir de mentions comme « il y a 3 heures »"),
        _EXACT_TIMES),
    "hour_times": (
        Text("the times of the comments are rounded (the commonest minute:second stands in {percent}% of "
             "them)",
             "les heures des commentaires sont arrondies (la minute:seconde la plus courante figure dans "
             "{percent} % d'entre elles)"),
        _EXACT_TIMES),
    "day_times": (
        Text("comments carry a date without a time of day ({day_percent}% stand at one and the same moment "
             "of the day)",
             "des commentaires portent une date sans heure ({day_percent} % sont au même instant de la "
             "journée)"),
        _EXACT_TIMES),
    "no_post_time": (
        Text("nothing says when the posts were published; the first comment seen is not a post time",
             "rien ne dit quand les publications ont paru ; le premier commentaire vu n'est pas une heure "
             "de publication"),
        _POSTS_FILE),
    "naive_post_times": (
        Text("the publish times of the posts are local times without a zone",
             "les heures de publication sont locales et sans fuseau"),
        _ZONE),
    "first_comment_time": (
        Text("on {n} of {total} posts the publish time is that of the first comment, to the second: it was "
             "copied from there",
             "pour {n} publications sur {total}, l'heure de publication est celle du premier commentaire, à"
             " la seconde : elle en a été copiée"),
        _POSTS_FILE),
    "day_post_times": (
        Text("the posts carry a date without a time of day ({n} of {total} stand at midnight)",
             "les publications portent une date sans heure ({n} sur {total} sont à minuit)"),
        _POSTS_FILE),
    "before_post": (
        Text("{percent}% of the comments stand before their post ({n} of {total}): the times cannot be "
             "right",
             "{percent} % des commentaires précèdent leur publication ({n} sur {total}) : les heures ne "
             "peuvent être justes"),
        _POSTS_FILE),
    "clock_offset": (
        Text("{percent}% of the comments stand before their post ({n} of {total}), as if their clock were "
             "{hours} h behind that of the posts",
             "{percent} % des commentaires précèdent leur publication ({n} sur {total}), comme si leur "
             "horloge retardait de {hours} h sur celle des publications"),
        _ZONE),
    "clock_late": (
        Text("no comment in the first {hours} h after any of {total} posts, and many right after: the clock"
             " of the comments seems to be {hours} h ahead of that of the posts",
             "aucun commentaire dans les {hours} premières heures après {total} publications, et beaucoup "
             "juste après : l'horloge des commentaires semble avancer de {hours} h sur celle des "
             "publications"),
        _ZONE),
    "incomplete": (
        Text("of the comments that the platform counts, half of the posts hold less than {percent}%",
             "des commentaires que compte la plateforme, la moitié des publications en contient moins de "
             "{percent} %"),
        _WHOLE),
    "capped": (
        Text("{n} posts stop at or just under {cap} comments: the export was cut at a maximum per post",
             "{n} publications s'arrêtent à {cap} commentaires ou juste dessous : l'export a été coupé à un"
             " maximum par publication"),
        _WHOLE),
    "truncated": (
        Text("the file ends too early, and nothing says which posts lack comments",
             "le fichier s'arrête trop tôt, et rien ne dit à quelles publications il manque des "
             "commentaires"),
        Text("the whole file, or a posts file with the number of comments of each post",
             "le fichier entier, ou un fichier des publications avec leur nombre de commentaires")),
    "small_page": (
        Text("{posts} posts and {comments} usable comments are too few to know the page's habits (20 and "
             "500 are needed)",
             "{posts} publications et {comments} commentaires utilisables sont trop peu pour connaître les "
             "habitudes de la page (il en faut 20 et 500)"),
        _MORE),
    "missing_replies": (
        Text("the platform names replies that the export does not hold",
             "la plateforme annonce des réponses que l'export ne contient pas"),
        _WHOLE),
    "no_whole_posts": (
        Text("no post has (nearly) all of its comments here: they are missing, or the post is too recent",
             "aucune publication n'a ici (presque) tous ses commentaires : il en manque, ou la publication "
             "est trop récente"),
        _WHOLE),
    "few_posts": (
        Text("{n} posts with (nearly) all of their comments are too few to know what is ordinary (20 are "
             "needed)",
             "{n} publications avec (presque) tous leurs commentaires sont trop peu pour savoir ce qui est "
             "ordinaire (il en faut 20)"),
        _MORE),
    "reviews": (
        Text("a reviewed item has no publish time", "ce qui reçoit des avis n'a pas d'heure de publication"),
        Text("nothing: this test is not for reviews", "rien : ce test ne vaut pas pour les avis")),
    "few_ratings": (
        Text("only {percent}% of the reviews carry stars", "seuls {percent} % des avis portent des étoiles"),
        Text("an export that carries the stars of each review", "un export qui porte les étoiles de chaque avis")),
    "no_text": (
        Text("only {percent}% of the comments carry a text",
             "seuls {percent} % des commentaires portent un texte"),
        _TEXTS),
    "short_texts": (
        Text("only {n} texts have five words or more (50 are needed): no phrase can be called rare",
             "seuls {n} textes ont cinq mots ou plus (il en faut 50) : aucune phrase ne peut être dite rare"),
        _MORE),
    "no_parents": (
        Text("nothing says which comment answers which", "rien ne dit quel commentaire répond à quel autre"),
        Text("an export with the parent of each reply (parent_id)",
             "un export avec le parent de chaque réponse (parent_id)")),
    "no_profiles": (
        Text("there are no profiles of the accounts", "il n'y a pas de profils des comptes"),
        Text("add the accounts with creation date, followers or picture: --accounts accounts.csv",
             "ajouter les comptes avec date de création, abonnés ou photo : --accounts comptes.csv")),
    "no_authors": (
        Text("{percent}% of the comments do not say which account wrote them",
             "{percent} % des commentaires ne disent pas quel compte les a écrits"),
        _IDS),
    "name_keys": (
        Text("{percent}% of the comments know their account by its name only: namesakes count as one "
             "account",
             "{percent} % des commentaires ne connaissent leur compte que par son nom : les homonymes "
             "comptent pour un seul"),
        _IDS),
    "unstable_ids": (
        Text("the account ids change from post to post: {names}% of the names return to a second post, and "
             "{ids}% of the ids",
             "les identifiants changent d'une publication à l'autre : {names} % des noms reviennent sur une"
             " deuxième publication, et {ids} % des identifiants"),
        _IDS),
    "few_returning": (
        Text("{accounts} accounts return to a second post, over {posts} posts (10 and 5 are needed)",
             "{accounts} comptes reviennent sur une deuxième publication, sur {posts} publications (il en "
             "faut 10 et 5)"),
        _MORE),
}
"""code -> (reason, what would restore the test), with the same {fields} in both languages."""
