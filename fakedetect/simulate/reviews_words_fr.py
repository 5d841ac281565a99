# ruff: noqa: E501, SIM905  (word lists read better unwrapped and unquoted)
# fmt: off
"""What customers write about businesses, in French."""

from __future__ import annotations

from fakedetect.simulate.grammar import Grammar
from fakedetect.simulate.reviews_grammar import Phrases
from fakedetect.simulate.words_fr import FRENCH

SLOTS = {
    "fine": "au top|remarquable|impeccable|superbe|nickel|agréable|irréprochable|à la hauteur|magnifique|un régal|sans fausse note|top|au-delà de nos attentes|formidable|extra|une belle surprise".split("|"),
    "poor": "lamentable|minable|médiocre|déplorable|inadmissible|une honte|une catastrophe|à revoir|limite|décevant comme rarement|pas digne de la maison|hors de prix|indigne|du grand n'importe quoi|une déception|à fuir".split("|"),
    "fair": "correct sans plus|moyen|passable|honnête|pas mal|sans surprise|convenable|quelconque|acceptable|ni bien ni mal".split("|"),
    "person": "la dame de l'accueil|le jeune homme|le patron|la patronne|la gérante|le monsieur du comptoir|l'apprenti|toute l'équipe|la personne au téléphone|le responsable|la stagiaire|le gérant".split("|"),
    "kind": "adorable|aux petits soins|de bon conseil|à l'écoute|super sympa|d'une grande patience|toujours le sourire|très professionnel|disponible|aimable comme tout".split("|"),
    "rude": "désagréable|au téléphone tout du long|pas du tout à l'écoute|odieux avec nous|introuvable|de mauvaise foi|aux abonnés absents|méprisant|dépassé|en train de rire de nous".split("|"),
    "who": "ma femme|mon mari|ma mère|mon père|ma sœur|le petit|un collègue|ma voisine|une amie|mon copain|ma grand-mère|mon cousin|mon beau-père|toute la famille|ma fille|mon fils".split("|"),
    "when": "la semaine dernière|samedi|un dimanche|en juin|le mois dernier|hier|pour notre anniversaire|pendant les vacances|en semaine|juste avant la fermeture|à midi|pour mes trente ans|sous la pluie|à la dernière minute|au printemps|il y a quelques jours|pour la troisième fois|après le travail".split("|"),
    "wait": "dix minutes|une demi-heure|quarante minutes|une heure|plus d'une heure|trois jours|deux semaines|vingt minutes|une éternité|toute la matinée".split("|"),
    "years": "deux ans|cinq ans|dix ans|des années|quelques mois|quinze ans|plus de vingt ans".split("|"),
    "price": "prix corrects|bon rapport qualité-prix|pas donné mais ça les vaut|tarifs raisonnables|on en a pour son argent|l'addition nous a fait plaisir".split("|"),
    "steep": "beaucoup trop cher|du vol|une erreur sur la facture, et pas en notre faveur|deux fois plus cher qu'ailleurs|des suppléments cachés|ça ne vaut pas le prix".split("|"),
}

TOPICS = {
    "restaurant": ("Chez {n}|Le {n}|La Table de {n}|Bistrot {n}|Auberge {n}|Le Comptoir {n}", "la soupe|le plat du jour|le poisson|l'entrecôte|le dessert|la carte des vins|la terrasse|le service|la carte|l'agneau|l'entrée|l'assiette végétarienne|le moelleux|le brunch|l'ambiance|le risotto"),
    "hotel": ("Hôtel {n}|Le Relais {n}|Hôtel de {n}|Résidence {n}|Le Grand {n}", "la chambre|le petit-déjeuner|la literie|la salle de bain|la vue|la réception|la piscine|la douche|l'emplacement|le parking|l'arrivée|l'ascenseur|le wifi|le bar|le ménage|le balcon"),
    "garage": ("Garage {n}|{n} Auto|Garage {n} et Fils|{n} Pneus|Carrosserie {n}", "la réparation|le devis|le contrôle technique|la révision|la vidange|la voiture de prêt|le diagnostic|l'embrayage|la carrosserie|la peinture|le conseil|la facture|le montage des pneus|le freinage|le suivi|la remise des clés"),
    "hairdresser": ("{n} Coiffure|Salon {n}|L'Atelier {n}|Coupe {n}|Studio {n}", "la coupe|la couleur|la frange|le brushing|le massage de tête|l'accueil|le conseil|la barbe|le balayage|la permanente|la coiffure de mariage|le salon|la prise de rendez-vous|le shampoing|le résultat|la coupe enfant"),
    "bakery": ("Boulangerie {n}|Le Fournil {n}|Maison {n}|Au Pain de {n}|Pâtisserie {n}", "le pain au levain|le croissant|le gâteau d'anniversaire|la baguette|la tarte au citron|le sandwich|le café|la brioche|le choix|le pain de seigle|le chausson|l'horaire|la file d'attente|la galette|la boutique|le pain au chocolat"),
    "gym": ("{n} Fitness|Gym {n}|Salle {n}|Studio {n} Forme|Club {n}", "le matériel|le vestiaire|le coach|le cours de yoga|le sauna|le contrat|l'appli|le plateau muscu|la clim|le cours de vélo|le bassin|la séance d'essai|la musique|le programme|l'accueil|le stationnement"),
}

GOOD = (
    "{topic} était {fine}", "{person}, {kind}", "{topic} {fine} et {person} {kind}", "nous sommes venus avec {who} {when}, on a adoré {topic}",
    "on reviendra avec {who}", "{price}", "je recommande {topic}", "client depuis {years}, jamais déçu",
    "mention spéciale pour {topic}", "{who} parle encore de {topic}", "tout était prêt en {wait}, {topic} {fine}", "{person} a pris le temps de nous expliquer, {topic} {fine}",
    "j'avais des doutes sur {topic} mais c'était {fine}", "merci à {person}", "rien que pour {topic} ça vaut le détour", "passés {when}, {person} {kind}",
    "trouvé par hasard {when}, {topic} {fine}", "on sent que {person} aime son métier", "propre, calme, {topic} {fine}", "conseillé par {who}, qui avait raison pour {topic}",
    "la meilleure adresse de la ville pour {topic}", "attendu {wait} seulement et {person} {kind}", "{price} et {topic} {fine}", "venus pour {topic}, restés pour l'accueil",
    "pas notre première visite, {topic} toujours {fine}", "un souci avec {topic} {when}, {person} a tout réglé aussitôt",
)
MEH = (
    "{topic} : {fair}", "{topic} {fair}, le reste {fine}", "{person} {kind} mais {topic} {fair}", "il a fallu attendre {wait}, sinon {fair}",
    "c'était mieux il y a {years}", "{topic} {fine}, dommage pour l'attente", "j'attendais mieux, surtout {topic}", "on reviendra peut-être, pas pour {topic}",
    "{fair} pour le prix", "c'était complet {when} et {person} a fait au mieux", "{who} a plus aimé que moi", "{topic} peut mieux faire", "ni bon ni mauvais, {topic} {fair}",
    "un peu bruyant {when}", "dépanne si on est pressé", "{topic} {fair}, prenez autre chose",
)
BAD = (
    "{topic} : {poor}", "{person} {rude}", "on a attendu {wait} pour {topic}", "{steep}", "plus jamais", "{topic} {poor} et {person} {rude}",
    "{who}, malade en rentrant", "j'ai appelé {when}, personne ne répond", "obligé de revenir {when}, {topic} {poor}", "{person} nous a mis dehors",
    "à éviter, surtout {topic}", "{wait} d'attente et {topic} {poor}", "pas une excuse de {person}", "sale, et {topic} {poor}", "on avait réservé {when} : ils nous avaient oubliés",
    "{who} n'y remettra pas les pieds", "ça s'est dégradé depuis {years}", "j'ai demandé un remboursement, {person} {rude}", "comment peut-on servir ça, {topic} {poor}",
    "{steep}, et {topic} {poor}", "je regrette d'y avoir emmené {who} {when}", "{person} a tout nié", "rien à voir avec les photos, {topic} {poor}", "passez votre chemin",
)
SHORT = (
    tuple("à fuir|plus jamais|nul|très déçu|très déçue|lamentable|accueil désagréable|une arnaque|je n'y retournerai pas|mauvais service|une honte|trop cher".split("|")),
    tuple("correct|moyen|pas mal|sans plus|peut mieux faire|bof|rien de spécial|ça va|honnête".split("|")),
    tuple("très bien|parfait|excellent|super|je recommande|au top|merci|top|très bon accueil|génial|rien à redire|toujours un plaisir|très sympa|bonne adresse|nickel|super service|une merveille|10/10|équipe sympa".split("|")),
)

PRAISE = (
    "[Excellente|Superbe|Formidable|Très belle] [expérience|adresse|prestation|découverte] [du début à la fin|dès la première minute|à tous points de vue|encore une fois], [l'équipe|le personnel|tout le monde|la maison] est [d'un grand professionnalisme|d'une gentillesse rare|vraiment à l'écoute|très accueillante] et [la qualité|le résultat|l'ensemble|la prestation] [dépasse|va au-delà de|surpasse|est au-dessus de] [mes attentes|ce que j'espérais|tout ce que j'avais lu|ce dont j'ai l'habitude]",
    "[Je recommande vivement|Je recommande les yeux fermés|Je ne peux que recommander|N'hésitez pas à pousser la porte de] [cet établissement|cette adresse|cette maison|cette enseigne], [prix très corrects|excellent rapport qualité-prix|tarifs tout à fait raisonnables|ça vaut largement le prix] et [une qualité|un accueil|un service|un soin] [rare|qu'on ne trouve plus|difficile à trouver|sans égal] [de nos jours|dans cette ville|dans la région|ailleurs]",
    "[De loin|Sans aucun doute|Clairement|Honnêtement] [les meilleurs|les plus sérieux|les plus sympathiques|les plus professionnels] [de la ville|de la région|du secteur|du coin], [j'avais essayé|j'étais allé voir|j'avais l'habitude de|je connais] [plusieurs autres|beaucoup d'autres|la concurrence|tous les autres] [avant|par le passé|au fil des ans|autour] et [il n'y a pas photo|c'est un autre monde|c'est un autre niveau|rien de comparable]",
    "[Un grand merci|Mille mercis|Encore merci|Bravo] à [toute l'équipe|la direction|tout le personnel|ces passionnés] pour [leur gentillesse|leur patience|leurs conseils|leur super travail], [nous reviendrons|on y retournera|à très bientôt|je reviendrai] [entre amis|avec plaisir|très vite|sans hésiter]",
    "[Cinq étoiles|La note maximale|Une note parfaite|Vingt sur vingt] [bien méritées|et c'est un minimum|sans hésiter|pour cette adresse] : [ponctualité|rapidité|attention|sérieux], [propreté|rangement|convivialité|honnêteté] et [toujours le sourire|toujours disponibles|de vraies compétences|très pro]",
    "[Première visite|Deuxième visite|Venus en famille|Venu sur les conseils d'un ami] et [totalement satisfait|plus que ravi|vraiment enchanté|complètement conquis], [ambiance au top|accueil chaleureux|organisation sans faille|travail impeccable], [continuez|ne changez rien|allez-y les yeux fermés|vous ne le regretterez pas]",
)
TRASH = (
    "[À éviter|À fuir|Fuyez|N'allez surtout pas dans] [cet endroit|cet établissement|cette adresse|ce commerce], [service désastreux|accueil épouvantable|qualité honteuse|expérience horrible], [personnel grossier|tout le monde s'en moque|le patron vous rit au nez|on vous ignore] et [des prix bien trop élevés|une facture pleine de surprises|de l'argent jeté par la fenêtre|on paie pour rien]",
    "[Très déçu|Extrêmement déçu|Scandalisé|Choqué] par [la qualité|l'hygiène|l'accueil|la malhonnêteté] [ici|de cet endroit|de cette maison|du personnel], [il y a bien mieux|on trouve bien mieux|d'autres font mieux|allez plutôt voir] [à côté|dans la même rue|ailleurs en ville|à quelques minutes]",
    "[La pire|De loin la pire|Franchement la pire|Sûrement la pire] [expérience|prestation|adresse|maison] [de la ville|de ma vie|depuis des années|du secteur], [sale|mal tenue|négligée|sans hygiène], [attente interminable|personne à l'accueil|aucune excuse|mépris du client], [je n'y retournerai jamais|plus jamais|n'y mettez pas les pieds|à fermer]",
    "[Une étoile|Une seule étoile|Une étoile seulement|Zéro si je pouvais] parce que [je ne peux pas mettre moins|moins n'est pas possible|le site l'exige|il le faut bien], [mensonges|promesses non tenues|excuses|mauvaise foi] [du début à la fin|tout du long|à chaque étape|et encore des mensonges] et [mon argent perdu|aucun remboursement|personne ne répond|des menaces quand on se plaint]",
)
DISCLOSED = (
    "{s} (avis récompensé par des points de fidélité)", "J'ai reçu une remise en échange de mon avis : {s}", "{s} #pub",
    "Avis rédigé en échange d'un bon d'achat. {s}", "{s} - j'ai gagné 100 points pour cet avis", "on m'a offert 10 % de remise pour donner mon avis, le voici : {s}",
)
FRIENDS = (
    "enfin ouvert ! {topic} {fine}", "bravo pour l'ouverture, {person} {kind}", "trop contente pour vous, {topic} {fine} dès le premier jour", "première semaine et déjà {topic} {fine}",
    "longue vie à cette adresse, {who} a adoré {topic}", "tout juste ouvert et {price}", "nous étions parmi les premiers, {topic} {fine}", "il manquait ça dans la rue",
)
ANGRY = (
    "après {event}, plus jamais", "{event} : je suis écœuré", "comment osez-vous, {event}", "j'y étais {when} : {event}, et {person} {rude}", "{who} m'a raconté {event}, honte à vous",
    "{event}. De toute façon {topic} {poor}", "vous avez perdu {who} et moi comme clients après {event}", "j'attends une explication sur {event}", "une étoile pour {event}",
)
EVENTS = tuple("ce qui a été filmé samedi|la façon de traiter cette vieille dame|l'intoxication|le chien laissé en plein soleil|l'interview dans le journal|le refus d'une personne en fauteuil|les stagiaires pas payés|la hausse des prix du jour au lendemain".split("|"))
CHANGED = (
    "nouvelle direction et ça se voit, {topic} {fine} à nouveau", "j'avais fait une croix dessus, depuis le changement de patron {topic} {fine}", "quelle différence depuis l'arrivée de la nouvelle équipe, {person} {kind}",
    "retournés {when} après le changement, {topic} {fine}", "changement de propriétaire : {topic} comme avant", "laissez-leur une chance, {person} est là depuis peu et {kind}",
)
FESTIVAL = (
    "venus pour la fête de la rue, {topic} {fine}", "jour de braderie, bondé, {person} {kind} malgré tout", "samedi de festival : {wait} d'attente mais {topic} {fine}", "quelle journée dans la rue, {topic} {fine}",
    "en ville pour les concerts, {topic} {fair}", "après le concert avec {who}, {topic} {fine}",
)
THANKS = ("Merci pour ce gentil message ! {n}", "Merci beaucoup, à très bientôt. {n} et l'équipe", "Ravis que cela vous ait plu. {n}", "Votre avis nous fait très plaisir. {n}", "Merci d'avoir pris le temps. {n}")
SORRY = ("Nous sommes désolés de lire cela. Contactez-nous pour que nous puissions arranger les choses. {n}", "Ce n'est pas l'image que nous voulons donner, toutes nos excuses. {n}", "Nous n'avons pas trace de votre passage, pouvez-vous nous appeler ? {n}", "Merci de nous l'avoir signalé, nous regardons ce qui s'est passé. {n}")
PLACES = ("Valmont-les-Prés", "Saint-Aubrac", "Port-Lérin", "Marsagne", "Courbevigne", "Belrive-sur-Lauze")

REVIEWS_FR = Phrases(
    Grammar("fr", SLOTS, (), (), (), TOPICS, PRAISE, {"bio": FRENCH.extra["bio"]}, FRENCH.slang, FRENCH.merged), GOOD, MEH, BAD, SHORT, TRASH,
    DISCLOSED, FRIENDS, ANGRY, EVENTS, CHANGED, FESTIVAL, THANKS, SORRY, PLACES,
)
