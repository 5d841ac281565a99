"""Incentives that a text itself discloses, in English and French: points, free products, paid posts, invitations.

Precise rather than complete: a match gives an account a class of its own (`disclosed`), so it has to be the writer
who says it, of this very text or product. Denials, questions, quotations and talk about others are blotted out
first (`TALK`); only then are the phrases looked for. All expressions run in RE2 (linear time, whatever the text);
after folding, a text is lower-case ASCII, and every other letter is "_".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

Kind = Literal["reward", "free_product", "paid", "invited"]

BLOT = "|"
"""Stands where talk was blotted out; no phrase reaches across it."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to disclose: an RE2 expression over folded text, in which a blank stands for any run of blanks.

    Every match holds one of STEMS. `example` must match this very phrase, `counter_example` none at all.
    """

    lang: Literal["en", "fr"]
    kind: Kind
    pattern: str
    example: str
    counter_example: str


def _gap(most: int) -> str:
    """Up to `most` words of the same clause."""
    return rf"(?:[\w'#@$%&/+-]+,? ){{0,{most}}}"


STEMS = (
    r"#(?:ad|advert|annonce|pub|spon|gift|paid|partenariat|collab|produit|free|brand|pr)",
    r"sponsor|incentivi|compensat|\bpaid\b|pay(?:e|\x{e9})|mun(?:e|\x{e9})|partenariat|commerciale",
    r"change\s+(?:for\b|d)|(?:return|trade)\s+for|\bcontre",
    r"\bfree\b|complimentary|no\s+c(?:ost|harge)|gifted|gift\s+from|(?:given|sent)\s+to\s+me|provided|supplied",
    r"gratuit|gracieu|offert|cadeau",
    r"\bpoints\b|%\s*(?:off|discount)|discount|voucher|coupon|gift\s*card|refund|reward|store\s+credit|cash\s*back",
    r"remise|duction|bons?\s+d|code\s+promo|rembours",
    r"\bvine\b|influenster|bzzagent|netgalley|voxbox|\barc\b|tester\s+club|babelio|\btrnd\b",
    r"advance|digital|review\s+(?:\w+\s+){0,3}(?:cop|arc|e-?book)|for\s+(?:a\s+)?(?:review|testing)|to\s+review",
    r"part\s+of\s+a|dans\s+le\s+cadre|pour\s+(?:un\s+|les?\s+)?(?:test|avis)|testeu",
    r"par\s+(?:la\s+m|le\s+fab|l\pP)|concours|tirage|giveaway|sweepstake|contest|raffle|\bdraw\b|invit",
)
"""What a text must hold, in any case and with or without accents, before it is folded and read closely."""

_REVIEW = r"(?:reviews?|reviewing|opinions?|feedback|thoughts|comments?|commenting|posts?|posting|mentions?|ratings?)"
_HONEST = r"(?:honest|unbiased|un-biased|fair|frank|candid|truthful|impartial|objective|genuine|independent|sincere)"
_HONESTLY = rf"{_gap(2)}{_HONEST}(?:,? (?:and|&|or))?,? {_gap(2)}"
_WRITING = r"(?:writing|leaving|posting|giving|sharing|providing|submitting|doing)"
_SUBJECT = (r"\b(?:i|we)(?:'ve|'d|'m)? (?:(?:have|had|was|were|am|been|also|just|recently|actually|kindly|graciously|"
            r"generously|originally|personally|got) ){0,4}")
_START = (r"(?:^|[.!?;:()\[\]*~\n-])\s*(?:this |my |free )?(?:(?:product|item|sample|book|copy|arc|review copy) "
          r")?(?:was )?")
_GIVEN = (r"\b(?:they|company|brand|publisher|author|seller|manufacturer|owner|restaurant|staff) "
          r"(?:kindly |generously )?(?:sent|gave|provided) (?:me|us) ")
_HAD = (rf"(?:{_GIVEN}|(?:{_SUBJECT}|{_START})(?:received|recieved|receive|got|given|sent|provided|gifted|obtained) )")
_THING = r"(?:products?|items?|samples?|books?|e-?books?|copy|copies|games?|kits?|bottles?|box|audiobooks?)"
_GRATIS = r"(?:for free|free of charge|for no charge|at no (?:cost|charge)|free of cost)"
_DEAL = r"(?:discounts?|vouchers?|coupons?|gift ?cards?|refund|reward|% ?off|store credit|cash ?back)"

_AVIS = (r"(?:avis|commentaires?|opinion|temoignage|evaluation|publication|mention|appreciation|retours?|ressenti|test|"
         r"critique|chronique)")
_MON = r"(?:mon|mes|notre|nos|cet|ce|cette)"
_ADJ = r"(?:honnetes?|objectifs?|sinceres?|impartiale?s?|francs?|neutres?|authentiques?)"
_JAI = (r"\b(?:j'ai|j'avais|nous avons|on a|on m'a|on nous a|m'a|m'ont|nous a|nous ont)(?: (?:donc|deja|aussi|ete|eu|"
        r"pu|gentiment|gracieusement|recemment|bien))*")
_RECU = r"(?:recue?s?|obtenue?s?|eue?s?|envoyee?s?|offerte?s?|fournie?s?|gagnee?s?|remise?s?|donnee?s?)"
_OBJET = r"(?:produits?|articles?|livres?|echantillons?|cosmetiques?|box|coffrets?|colis|creme|jeux?|appareil)"
_CADEAU = (r"(?:reduction|remise|bon d'achat|bons d'achat|code promo|code reduction|carte cadeau|cheque cadeau|"
           r"remboursement|cadeau)")
_TAG = r"(?:^|[\s(\[.,!:;])"
_OPEN, _CLOSE = r"(?:^\s*|[(\[*]\s*)", r"(?:\s*[)\]*:]|\s+(?:with|by|avec|par) )"

PHRASES: tuple[Phrase, ...] = (
    # -- English
    Phrase("en", "paid", _TAG + r"#(?:ad|advert|sponsored|spon|sponsoredpost|sponsoredreview|sponsoredad|paidad|"
           r"paidpartnership|paidpromotion|brandpartner|adpartner)\b",
           "Love this shampoo! #ad", "My new shoes are here #adidas #adventure"),
    Phrase("en", "free_product", _TAG + r"#(?:gifted|giftedproduct|gifteditem|freeproduct|freesample|prgift|"
           r"giftedby\w*)\b",
           "#gifted what a lovely cream", "Such a gifted singer"),
    Phrase("en", "paid", _OPEN + r"(?:this is an? )?(?:paid partnership|sponsored (?:review|comment|post)|"
           r"paid (?:review|promotion)|incentivi[sz]ed review)" + _CLOSE,
           "(Paid partnership) My favourite coffee.", "Stop with these paid partnerships"),
    Phrase("en", "paid",
           r"\b(?:this|my) (?:review|mention|rating) (?:is|was|has been) (?:sponsored|paid|incentivi[sz]ed|"
           r"compensated)\b", "This review is sponsored by the maker.", "This review is not sponsored."),
    Phrase("en", "paid", _SUBJECT + rf"(?:paid|compensated) (?:to (?:write|post|leave|give|say) |for (?:{_WRITING} )?)"
           rf"(?:this|my) {_gap(2)}(?:reviews?|mention|rating|testimonial)\b",
           "I was paid to write this review.", "I was not paid to write this review."),
    Phrase("en", "free_product", rf"\bin (?:exchange|return|trade) for (?:my|our) {_HONESTLY}{_REVIEW}\b",
           "Free sample in exchange for my honest review", "They sell fake reviews in exchange for my trust"),
    Phrase("en", "free_product", rf"{_HAD}{_gap(16)}in (?:exchange|return|trade) for "
           rf"(?:(?:{_WRITING} )?(?:my|this|our|an?) |{_HONEST} ){_gap(4)}{_REVIEW}\b",
           "I received this product free in exchange for an honest review.",
           "Fake reviews in exchange for free products are a shame."),
    Phrase("en", "free_product",
           rf"{_HAD}(?:this|these|the|a|an|my) {_gap(4)}(?:free|complimentary|discounted|{_GRATIS}) "
           rf"{_gap(8)}(?:for|to (?:write|leave|give|post|share|provide)) (?:{_WRITING} )?"
           rf"(?:my|this|an?(?: {_HONEST},?)+(?: and {_HONEST})?) {_gap(2)}{_REVIEW}\b",
           "Got a free bottle for my opinion: it is fine.", "I got a free dessert for my birthday, here is my review."),
    Phrase("en", "free_product", rf"{_HAD}(?:this|these) (?:[\w-]+ ){{0,2}}(?:products?|items?|samples?|books?) "
           rf"{_gap(4)}(?:{_GRATIS}|as a (?:free sample|gift from the (?:brand|company)))",
           "I received this product for free.", "The free delivery was late and there is free wifi."),
    Phrase("en", "free_product", rf"{_HAD}an? {_gap(2)}(?:free|complimentary|advance|review|arc|digital) {_gap(3)}"
           r"(?:cop(?:y|ies)|arc|e-?book) (?:of|from|via|through|for)\b",
           "I received a free copy of this book from the publisher.", "I got a copy of this book at the fair."),
    Phrase("en", "free_product", rf"{_HAD}{_gap(3)}(?:free|complimentary) {_THING} {_gap(4)}(?:to (?:test|review)|"
           rf"for (?:testing|review(?:ing)?|an? {_gap(2)}review))\b",
           "I was given a free sample to test.", "They hand out free samples to test customers."),
    Phrase("en", "free_product",
           r"\b(?:i|we)(?:'ve)? (?:was|were|have been|been) (?:\w+ )?(?:sent|given|gifted|provided|"
           rf"supplied) (?:this|these|the|an?|my) {_gap(5)}(?:to review\b|for (?:review|testing)(?: purposes?)?"
           r"\s*(?:$|[.,;:!)]|by\b|from\b|and\b|but\b))",
           "I was sent this mouse to review.", "I was sent there to see the files."),
    Phrase("en", "free_product",
           r"\b(?:this|the|these) (?:\w+ )?(?:products?|items?|samples?) (?:was|were|has been) (?:\w+ )?"
           r"(?:gifted|given to me|provided|sent to me) (?:to me )?(?:\w+ )?(?:by (?:the )?(?:brand|company|"
           r"manufacturer|"
           r"seller|maker)|for review|for testing|for free|free of charge)\b",
           "This product was kindly gifted by the brand.", "The item was sent to me late, and by a rude seller."),
    Phrase("en", "free_product",
           r"\bgifted (?:me |us )?(?:this |these |the )?(?:\w+ )?(?:by (?:the )?(?:brand|company)|"
           r"(?:products?|items?|samples?) (?:to|for) (?:review|testing|test|try)\b)",
           "Gifted by the brand, but all words are mine.", "She is gifted by nature."),
    Phrase("en", "free_product",
           r"\bvine customer review of (?:a )?free product|\b(?:i|we|as an?|through|via|thanks to) "
           rf"{_gap(6)}(?:amazon vine|vine (?:voice|member|program|programme|reviewer)|influenster|voxbox|bzzagent|"
           r"home tester club|netgalley)\b",
           "Vine Customer Review of Free Product. Works well.", "I loved that vine, the one with the cat"),
    Phrase("en", "reward",
           r"\b(?:this )?review was (?:collected|submitted|written|posted|left) (?:\w+ )?as part of an? (?:\w+ )?"
           r"(?:promotion|sweepstakes?|contest|campaign|giveaway|programme?)\b",
           "[This review was collected as part of a promotion.] Great.", "As part of a promotion the price was low."),
    Phrase("en", "reward",
           rf"(?:\b(?:i|we)(?:'m|'ve|'ll)? (?:(?:am|was|have|just|will|also) ){{0,2}}|{_START})(?:got|get|getting|"
           rf"earned|earn|earning|received|receive|receiving|given) (?:{_gap(3)}points {_gap(2)}(?:for|by|from) "
           rf"(?:(?:{_WRITING} )?"
           rf"(?:this|my|an?) {_gap(1)}(?:reviews?|opinion|feedback|rating|mention)|(?:saying|mentioning|reviewing) "
           rf"(?:it|this|"
           rf"that|them))|{_gap(2)}(?:loyalty|rewards?|bonus|club|member\w*) points {_gap(2)}(?:for|by|from) "
           rf"(?:{_WRITING} )?"
           rf"(?:this|my|an?) {_gap(1)}{_REVIEW})\b",
           "(I got loyalty points for this comment)", "We lost the match points for this mistake."),
    Phrase("en", "reward",
           rf"(?:\b[0-9]+ ?% ?(?:off|discount)|{_HAD}{_gap(5)}{_DEAL}) {_gap(5)}(?:for|in (?:exchange|return) "
           rf"for) (?:{_WRITING} )?(?:this|my)(?: {_HONEST})? (?:review|comment|feedback|opinion)\b",
           "10 % off for this review", "I got a 10% discount for my trouble, hence this review."),
    Phrase("en", "reward",
           rf"\b(?:writing|leaving|posting) this (?:{_REVIEW} )?{_gap(2)}(?:because|as|since) (?:they|i|we) "
           rf"{_gap(3)}(?:get|got|gave|give|giving|getting|receive|received) {_gap(5)}(?:free|points|{_DEAL})(?:\W|$)",
           "Only writing this review because they gave me a free drink.", "Writing this review because it is good."),
    Phrase("en", "reward",
           r"\b(?:i'm |i am )?(?:comment(?:ing)?|post(?:ing)?|review(?:ing)?|writing this|leaving this) "
           rf"{_gap(3)}(?:to enter|to be entered (?:in|into)|for|to win|for a chance to win) (?:the|this|your|a|an) "
           rf"(?:\w+ )?"
           r"(?:giveaway|sweepstakes?|raffle|prize draw|contest)\b",
           "Commenting for the giveaway, I love your work!", "The giveaway was rigged."),
    Phrase("en", "reward",
           r"\b(?:i'm |i am |please |count me |here is |here's |this is )(?:\w+ ){0,2}(?:entering|enter me|in for|"
           r"entry (?:for|to|into)|in) (?:for )?(?:the|this|your) (?:\w+ )?(?:giveaway|sweepstakes?|raffle|prize "
           r"draw)\b",
           "Here is my entry for the giveaway: blue!", "He is entering the contest next year."),
    Phrase("en", "reward",
           rf"{_HAD}{_gap(4)}(?:entry|entries) (?:in|into) (?:an?|the) {_gap(2)}(?:sweepstakes?|draw|raffle|contest|"
           rf"giveaway) "
           rf"{_gap(3)}(?:for|in exchange for|in return for) {_gap(3)}{_REVIEW}\b",
           "I received an entry into a draw for this review.", "The entry into the city was closed for a review."),
    Phrase("en", "invited",
           r"\b(?:i|we) (?:was|were|have been) (?:\w+ )?invited (?:here |in )?by (?:the |their |its |a )?(?:\w+ )?"
           rf"(?:brand|company|restaurant|hotel|owner|management|pr(?: \w+)?) {_gap(4)}(?:to|for) {_gap(3)}(?:try|"
           rf"test|review|"
           r"taste|sample|tasting)\b",
           "I was invited by the restaurant to try the new menu.", "We were invited by friends to try the new menu."),
    Phrase("en", "invited",
           rf"\b(?:i|we) (?:was|were|have been) (?:\w+ )?invited to (?:write|leave|post|give|share) {_gap(3)}"
           rf"{_REVIEW} {_gap(3)}(?:for|in (?:exchange|return) for) {_gap(4)}(?:points|free|{_DEAL}|reward)\b",
           "I was invited to leave a review for a voucher.", "I was invited to leave a review."),
    # -- French
    Phrase("fr", "paid", _TAG + r"#(?:publicite|sponsorisee?s?|sponso|annonce|partenariat|partenariatremunere|"
           r"partenariatcommercial|collaborationcommerciale|collabcommerciale|collaborationremuneree|"
           r"collabremuneree)\b",
           "Une belle adresse #sponsorisé", "Marre de #publicitémensongère partout"),
    Phrase("fr", "paid", r"^[^\w#]*#pub\b", "#pub Une belle adresse", "Belle soirée entre amis #pub #bière"),
    Phrase("fr", "paid", r"#(?:collaboration|partenariat|collab) (?:commerciale?|remuneree?)\b",
           "Super crème #collaboration commerciale", "Une collaboration entre deux artistes"),
    Phrase("fr", "paid", _OPEN + r"(?:en )?(?:collaboration (?:commerciale|remuneree|sponsorisee)|partenariat "
           r"(?:remunere|"
           r"commercial)|(?:contenu|avis|article|commentaire) sponsorise)" + _CLOSE,
           "Collaboration commerciale : j'adore ce thé.", "Les partenariats rémunérés, ça suffit"),
    Phrase("fr", "paid", r"\b(?:cet avis|mon avis|ce temoignage) (?:est|a ete) (?:sponsorise|remunere|paye)\b",
           "Cet avis est sponsorisé.", "Cet avis n'est pas sponsorisé."),
    Phrase("fr", "paid", _JAI + rf" (?:payee?s?|remuneree?s?) pour (?:(?:ecrire|donner|laisser|publier|poster) "
           rf")?{_MON} {_AVIS}\b",
           "J'ai été payée pour cet avis.", "J'ai payé pour ce repas, voici mon avis."),
    Phrase("fr", "free_product", rf"\ben (?:echange|contrepartie) (?:de|d') ?{_MON} {_gap(2)}{_AVIS}\b",
           "Reçu en échange de mon avis honnête", "En échange de mon ancien téléphone, 20 euros."),
    Phrase("fr", "free_product",
           rf"(?:{_JAI} {_RECU}|\b(?:{_OBJET} )?(?:offerte?s?|recue?s?)) {_gap(8)}(?:contre |en (?:echange|"
           rf"contrepartie) (?:de |d' ?))(?:{_MON} |une? ){_gap(2)}{_AVIS}\b",
           "Produit offert contre mon avis : très bien.", "Il a agi contre mon avis, rien d'offert."),
    Phrase("fr", "free_product", rf"{_JAI} (?:{_RECU} )?(?:ce|ces|cet|cette|une?|des|le|les|mon|mes) {_gap(4)}"
           rf"{_OBJET} (?:(?:offerts?|gratuite?s?|gratuitement|a titre (?:gracieux|gratuit)) {_gap(3)}(?:pour (?:le |"
           rf"les |"
           r"un )?test(?:er|s)?\b|pour (?:donner|avis)\b|par la marque\b|dans le cadre\b|via\b))",
           "J'ai reçu ce sérum, un produit gratuit pour le tester.",
           "J'ai reçu un produit gratuit pour l'achat de deux."),
    Phrase("fr", "free_product", rf"{_JAI} {_RECU} (?:gratuitement )?(?:ce|ces|cet|cette) (?:\w+ ){{0,2}}{_OBJET}"
           r"(?: gratuitement| a titre gracieux| a titre gratuit| en cadeau de la marque)",
           "J’ai reçu ce produit gratuitement.", "La livraison gratuite et le parking gratuit, merci."),
    Phrase("fr", "free_product", rf"{_JAI} {_RECU} gratuitement (?:ce|ces|cet|cette) (?:\w+ ){{0,2}}{_OBJET}\b",
           "J'ai reçu gratuitement cet échantillon.", "J'ai dormi gratuitement chez des amis."),
    Phrase("fr", "free_product", rf"\b{_OBJET} (?:m'a ete |m'ont ete |a ete )?(?:recue?s?|offerte?s?|envoyee?s?) "
           r"(?:gratuitement |gracieusement )?(?:par (?:la marque|l'editeur|la maison d'edition|le fabricant)|pour "
           r"(?:un |le |"
           r"les )?(?:tests?|tester|avis)|dans le cadre d|via (?:netgalley|babelio|trnd|influenster))",
           "Produit offert par la marque.", "Un dessert offert par la maison, boisson offerte aussi."),
    Phrase("fr", "free_product", rf"\b(?:{_OBJET} )?recue?s? (?:gratuitement|a titre gracieux|gracieusement) "
           rf"(?:pour {_gap(2)}(?:test|tests|tester|avis)\b|dans le cadre\b|de la part de la marque|par la marque|"
           rf"via\b|en echange\b)",
           "Reçu gratuitement dans le cadre d'un test.", "Colis reçu, retour gratuit pour tous."),
    Phrase("fr", "free_product", _OPEN + r"produits? (?:offerts?|recus? gratuitement|gratuits? pour "
           r"test)\s*(?:[)\]*.,]|$)",
           "Très doux (produit offert)", "Deux achetés, un produit offert pour Noël."),
    Phrase("fr", "free_product", _TAG + r"#(?:produits?offerts?|produitoffertparlamarque|produitgratuit)\b",
           "Belle tenue #produitoffert", "Belle tenue #produitfrançais"),
    Phrase("fr", "free_product",
           rf"\b(?:lu|teste|testee|tests|test|recu|recue|avis|realise|essaye|decouvert)e?s? {_gap(5)}dans le cadre "
           rf"(?:d'un |d'une |du |de la |de )(?:\w+ )?(?:tests?|campagnes?|partenariats?|club|operation|programme|"
           rf"promotion|"
           r"concours|masse critique|collaboration)\b",
           "Testé dans le cadre d’une campagne.", "Visité dans le cadre d'un voyage."),
    Phrase("fr", "free_product",
           r"\b(?:grace au|membre du|partie du|via le|avec le|en tant que) (?:\w+ ){0,3}(?:club (?:de |des |"
           r"d'utilisateurs )?testeu(?:r|rs|se|ses)|testeu(?:r|se) (?:officielle?|trnd|de la marque))\b",
           "Reçu grâce au club de testeurs.", "Les testeurs du club sont des charlatans."),
    Phrase("fr", "reward",
           rf"{_JAI} (?:gagnee?s?|recue?s?|obtenus?|cumules?|eu) {_gap(3)}points {_gap(3)}(?:pour|en|contre|grace a|"
           rf"avec) (?:{_MON} {_gap(1)}{_AVIS}|(?:donnant|laissant|ecrivant|publiant|postant|deposant|avoir (?:donne|"
           rf"laisse|ecrit)) "
           rf"(?:{_MON} |un ){_gap(1)}{_AVIS})\b",
           "J'ai gagné des points en donnant mon avis", "J'ai gagné des points de vie dans ce jeu"),
    Phrase("fr", "reward",
           rf"\b{_CADEAU} {_gap(5)}(?:pour|contre|en echange de) (?:(?:laisser|ecrire|donner|deposer) )?{_MON} "
           rf"{_gap(1)}{_AVIS}\b", "5 € de réduction pour cet avis", "Belle réduction, merci pour cet accueil"),
    Phrase("fr", "reward",
           r"\bje (?:re)?(?:participe|tente ma chance) (?:\w+ ){0,2}(?:au|a ce|a votre|pour le|pour ce|a ton|a vos) "
           r"(?:\w+ ){0,2}(?:concours|jeu[ -]concours|tirage|giveaway)\b",
           "Je participe au concours avec plaisir !", "Le concours était truqué, je trouve"),
    Phrase("fr", "invited",
           rf"\b(?:j'ai ete|nous avons ete|je suis|j'etais) (?:\w+ )?invitee?s? par (?:la |le |l'|leur )(?:\w+ )?"
           rf"(?:marque|restaurant|hotel|maison|direction|agence|etablissement) {_gap(4)}(?:tester|decouvrir|gouter|"
           rf"essayer|"
           r"donner)\b", "J'ai été invitée par la marque pour tester ce soin.",
           "J'ai été invitée par une amie à goûter le menu."),
    Phrase("fr", "invited",
           rf"\b(?:j'ai ete|nous avons ete|on m'a) (?:\w+ )?invitee?s? a (?:donner|laisser|ecrire|deposer) {_gap(2)}"
           rf"{_AVIS} {_gap(2)}(?:contre|pour gagner|en echange|en contrepartie) {_gap(4)}(?:points|{_CADEAU}|"
           rf"gratuite?)\b",
           "On m'a invité à laisser un avis contre un bon d'achat.", "On m'a invité à laisser un avis."),
)
"""All that counts as a disclosure. A new one is one entry, and its stem in STEMS."""

TALK: tuple[str, ...] = (
    r"(?m)^\s*(?:>|&gt;)[^\n]*",  # a quoted line
    r"^\s*\W?rt @[\w]+(?s:.*)",  # another's post, passed on
    r"\"[^\"\n]{1,300}\"",  # another's words
    r"[^.!?\n|]*\?",  # a question
    # From a denial, a condition, a wish or another's review to the end of the clause.
    (r"(?:\b(?:not|never|none|nor|neither|nobody|without|cannot|cant|dont|didnt|isnt|wasnt|havent|unless|if|whether|"
    r"how|why|where|while|when|after|before|quand|pendant|apres|would|could|should|might|wish|hope|instead|pretend\w*|"
    r"fake|false|forg[eo]t\w*|missing|hashtag\w*|tagged|disclos\w*|"
    r"offers?|offered|offering|reviews|reviewers|people|those|everyone|anyone|someone|somebody|bots?|shills?|pas|non|"
    r"jamais|aucune?|ni|sans|"
    r"si|faux|fausses?|personne|oubli\w*|manque|proposee?s?|proposait|proposent|exig\w*|demand\w*|les avis|des avis|"
    r"ces avis|"
    r"les gens|ceux|celles|certains)\b|n't\b|\bne |\bn'|\bs'il|\bno (?:[^c\s]|c[^oh]|co[^s]|ch[^a]))[^.!?;,:(\n|]*"),
    (r"\b(?:use|using|put|add|adding|says?|said|saw|see|the|an?|is|it's|its|this|that|your|their|le|la|une?|cette?|"
    r"mettre|"
    r"mettez|met|en) #\w+"),  # the tag spoken of
    (r"\b(?:remov|delet|chang|edit|revis|tak|alter|supprim|retir|modifi|enlev)\w* (?:down )?(?:my|our|the|this|an?|"
    r"mon|notre|"
    r"l'|cet|ce|un)[^.!?;,:(\n|]*"),  # a price for silence is a complaint
    r"\b(?:internet|karma|brownie|imaginary) points",
    r"#gifted\b[^\n|]*talent\w*|talent[^\n|]*#gifted\b",
    r"^(?:[^\w#@]*@[\w.-]+)*[^\w#@]*(?:#\w+[^\w#@]*)+$",  # tags alone say it of the post, not of themselves
)
"""What is blotted out before the phrases are looked for, in this order."""

_FOLDS: tuple[tuple[str, str], ...] = (
    (r"[\x{300}-\x{36f}\x{200b}-\x{200f}\x{ad}\x{feff}\x{fe0f}]", ""),  # accents of NFD, invisible characters
    (r"[\x{2018}\x{2019}\x{2bc}\x{2b9}\x{b4}\x{60}\x{2032}]", "'"),
    (r"[\x{201c}\x{201d}\x{201e}\x{ab}\x{bb}]", '"'),
    (r"[\x{2010}-\x{2015}]", "-"),
    (r"[\x{2026}\x{3002}]", "."),
    (r"[^\x{00}-\x{24f}\p{L}\x{2000}-\x{206f}]", " "),
    (r"[^\x{00}-\x{24f}\x{2000}-\x{206f} ]", "_"),  # before decomposition: no run of marks is left to be sorted
)


def _fold(texts: pa.Array) -> pa.Array:
    """Lower-case ASCII of `texts`, character by character, so that the fold of a text is that of its characters."""
    for what, by in _FOLDS:
        texts = pc.replace_substring_regex(texts, what, by)
    texts = pc.utf8_normalize(pc.utf8_lower(texts), "NFKD")
    for what, by in ((r"[\x{300}-\x{36f}]", ""), (r"[^\x{00}-\x{7f}\P{L}]", "_"), (r"[^\x{00}-\x{7f}]", " ")):
        texts = pc.replace_substring_regex(texts, what, by)
    return texts


def _blot(folded: pa.Array) -> pa.Array:
    """`folded` without what is denied, asked, quoted or said of others."""
    for talk in _talk():
        folded = pc.replace_substring_regex(folded, talk, BLOT)
    return folded


@cache
def _expressions() -> tuple[str, ...]:
    return tuple(p.pattern.replace(" ", r"\s+") for p in PHRASES)


@cache
def _stems() -> str:
    return "|".join(STEMS).replace(r"\s", r"[\s\p{Z}]")  # unfolded texts hold blanks of every kind


@cache
def _talk() -> tuple[str, ...]:
    return tuple(t.replace(" ", r"\s+") for t in TALK)


def found(texts: pa.ChunkedArray | pa.Array) -> pa.Array:
    """Whether each text discloses an incentive: bool (n,), null where the text is null."""
    chunks = texts.chunks if isinstance(texts, pa.ChunkedArray) else [texts]
    return pa.concat_arrays([pa.array([], pa.bool_()), *map(_found, chunks)])


def _found(texts: pa.Array) -> pa.Array:
    likely = pc.match_substring_regex(texts, _stems(), ignore_case=True)
    left = _blot(_fold(texts.take(pc.indices_nonzero(likely))))
    hit = pa.repeat(False, len(left))
    for expression in _expressions():
        hit = pc.or_(hit, pc.match_substring_regex(left, expression))
    return pc.replace_with_mask(likely, pc.fill_null(likely, False), hit)


def phrase(text: str) -> str | None:
    """The words of `text` that disclose an incentive, as they stand there; of several the first. None: nothing does."""
    if not found(pa.array([text], pa.string()))[0].as_py():
        return None
    pieces = _fold(pa.array(list(text), pa.string())).to_pylist()
    folded = "".join(pieces)
    left = _blot(pa.array([folded]))
    starts = [(pc.find_substring_regex(left, e)[0].as_py(), e) for e in _expressions()]
    at, expression = min((start, e) for start, e in starts if start >= 0)
    rest = pa.array([left[0].as_py()[at:]])
    words = pc.extract_regex(rest, f"^(?P<words>{expression})")[0].as_py()["words"]
    begin = folded.index(words)  # what was blotted out may hold the same words: they are the same words
    return _cut(text, pieces, begin, begin + len(words))


def _cut(text: str, pieces: list[str], begin: int, end: int) -> str:
    """The part of `text` whose folded characters (`pieces`, one for each) are those from `begin` to `end`."""
    kept: list[str] = []
    position = 0
    for char, piece in zip(text, pieces, strict=True):
        if begin <= position and position + len(piece) <= end and (piece or kept):
            kept.append(char)
        position += len(piece)
    return " ".join("".join(kept).split()).strip(" .,;:!()[]*-~")
