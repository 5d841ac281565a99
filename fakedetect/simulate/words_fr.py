# ruff: noqa: E501, SIM905  (word lists read better unwrapped and unquoted)
# fmt: off
"""What people write under a brand's posts, in French: short cries, stock phrases, sentences with slots."""

from __future__ import annotations

from fakedetect.simulate.grammar import Grammar
from fakedetect.simulate.names import FIRST, LAST_A, LAST_B

SLOTS = {
    "first": FIRST["fr"].split("|"), "last_a": LAST_A, "last_b": LAST_B, "tag": ("{first} {last_a}{last_b}",),
    "react": "regarde|c'est toi ça|tu te souviens ?|il nous le faut|pour nous|ce soir ?|faut que tu voies ça|notre été|pas toi|haha toi|je te l'avais dit|on y va ?|le week-end prochain|prends m'en une|ton préféré|nous à trente ans|allez viens|ça te rappelle qui ?|toujours à moi|tellement toi|toi et ton chat|tu m'offres ça".split("|"),
    "emphasis": "haha|mdr|stp|encore|vraiment|vite|pour une fois|hein".split("|"),
    "thing": "le nouveau goût|ce goût|la petite bouteille|la grande bouteille|la canette|la bouteille en verre|l'étiquette|"
    "la recette|la musique de la pub|la pub|la rouge|la jaune|le citron|la version sans sucre|la promo|toute la gamme|"
    "le design|la capsule|le pack de six|la pulpe|l'odeur|l'affiche|la photo|le site|l'appli|le prix|le coffret|"
    "l'édition d'été|l'édition limitée|la paille|le verre|le seau à glace|le sac|le tee-shirt|le stand|le camion|le slogan|"
    "le chat dans la vidéo|l'ancien logo|le nouveau logo|l'emballage|le distributeur|le bouchon|la couleur|le parasol".split("|"),
    "adj": "magnifique|délicieux|génial|bizarre|trop sucré|super frais|hors de prix|sous-coté|surcoté|mythique|pas mal|"
    "pas mal du tout|vraiment bon|étonnamment léger|un peu plat|très malin|trop beau|à mourir de rire|ennuyeux|décevant|"
    "parfait pour la plage|mieux qu'avant|moins bien qu'avant|juste comme il faut|imbattable|un classique|un peu trop|"
    "rafraîchissant|minuscule|énorme|au top|fade|addictif|mignon|le meilleur|pas pour moi|incroyable|plus petit qu'en photo|"
    "exactement ce qu'il fallait|trop pétillant|pas assez pétillant|fantastique|correct sans plus|une tuerie|dingue".split("|"),
    "verb": "j'adore|j'aime|je veux|il me faut|je ne supporte pas|je ne comprends pas|je me souviens de|je rêve de|j'achète encore|"
    "j'ai jamais aimé|j'ai enfin trouvé|je viens de commander|je cherche partout|je déteste|je préfère|je viens de goûter|"
    "je vais essayer|je collectionnais|je choisis toujours|je ne trouve plus|je recommande|je paierais pour|j'ai fait le plein de|"
    "je résiste pas à|j'ai partagé|je regrette|j'ai offert|je garde|on adore|on attend|on a testé|je kiffe".split("|"),
    "who": "ma sœur|ma mère|mon père|ma mamie|mon fils|ma fille|mon mari|ma femme|mon copain|ma copine|mon coloc|mon patron|"
    "mon voisin|ma meilleure amie|mon cousin|mon petit frère|mes enfants|mon chien|tout le bureau|la maîtresse|tonton Gégé|"
    "la moitié de la rue|mon papi|mon équipe|ma classe|la nounou|ma tante|mon jumeau|la caissière|mon pote de la salle|"
    "personne chez moi|mon filleul|toute la famille|mon coiffeur|ma belle-mère|le facteur".split("|"),
    "when": "hier|hier soir|ce matin|samedi|l'été dernier|en 1998|tous les dimanches|au festival|au ciné|en vacances à Royan|"
    "après l'école|dans le train|à mon mariage|pendant le match|à midi|la semaine dernière|en mars|quand j'avais six ans|"
    "sur le ferry|tous les jours|à l'aéroport|avant le boulot|au jardin|pour mon anniv|à la station-service|depuis Noël|"
    "sur la route|après l'entraînement|sous trente degrés|à minuit|chez ma tante|à la fac|à la cantine|au camping|"
    "pendant la canicule|au pot de départ|à l'apéro".split("|"),
    "place": "Lille|Lyon|Nantes|Rennes|Brest|Toulouse|Nîmes|Dijon|Metz|Nancy|Tours|Angers|Le Mans|Pau|Bayonne|Perpignan|Nice|"
    "Marseille|Grenoble|Limoges|mon village|l'épicerie du coin|mon supermarché|au marché|Bruxelles|Liège|Genève|Lausanne|"
    "Montréal|Québec|la Réunion|la Guadeloupe|Tunis|Dakar|Rouen|Caen|Strasbourg|Reims|Clermont|Ajaccio".split("|"),
    "count": "deux|trois|quatre|cinq|six|sept|huit|neuf|dix|une douzaine|vingt|quarante|au moins cinquante|beaucoup trop|une centaine".split("|"),
    "open": "franchement|ok mais|désolé mais|alors|bon|ouah|voilà|je vais pas mentir|histoire vraie|question|enfin|écoutez|"
    "sérieux|les amis|petite info|pour info|sans blague|faut être honnête|en vrai|regardez|bonjour|coucou|hello|"
    "salut tout le monde|pareil ici|comme d'hab|perso|mdr|ptdr|bof".split("|"),
    "close": "c'est dit|voilà c'est tout|merci pour ça|et vous ?|je suis le seul ?|quelle journée|vivement demain|on y sera|"
    "aucun regret|c'est mon avis|revenez vite|j'assume|continuez|si ça peut aider|qui est partant ?|pensez-y|point final|"
    "santé|bonne journée|on croise les doigts|et ça se voit|gros bisous|tenez-nous au courant|bonne chance à tous|à chaque fois|"
    "ou c'est juste moi|bravo à l'équipe|plus jamais|sans rire|la base".split("|"),
    "do": "le congeler|le mélanger au tonic|en mettre dans un gâteau|le boire tiède|en partager un|faire la queue une heure|"
    "commander en ligne|garder les bouteilles|recycler les canettes|peindre les capsules|en faire des glaces|"
    "l'emporter au camping|le verser sur une glace|ajouter de la menthe|bien secouer|en cacher au frigo|en servir aux fêtes|"
    "l'échanger contre des chips|en gagner un|en prendre une caisse|faire une tour de canettes|en faire des cocktails|"
    "ajouter du citron vert|l'oublier dans la voiture|en rapporter à mamie".split("|"),
    "ask": "où acheter|il existe en plus grand|c'est quand|qui a dessiné|combien coûte|pourquoi avoir changé|il y a quoi dans|"
    "quelqu'un a encore|vous livrez|qui d'autre a goûté|vous envoyez|combien de calories dans|c'est vrai pour|"
    "il est passé où|les vegans peuvent boire|on garde combien de temps|qui chante dans le clip de|quels magasins ont|quel âge a".split("|"),
    "more": "et {who} est d'accord|mais {who} dit non|et j'en parle à tout le monde|du coup j'en ai repris {count}|c'est rare de nos jours|"
    "même à {place}|ça me rappelle {place}|comme on dit à {place}|demandez à {who}|bien avant la mode|et je le referais|"
    "ça veut tout dire|contrairement à {thing}|plus que {thing}|et {thing}, {adj}|à cause de {who}|grâce à {who}|"
    "on en a ri {when}|mais seulement {when}|depuis {count} ans|au moins {count} fois|et après on va {do}|même si {thing} était {adj}|"
    "alors que {who} préfère {thing}".split("|"),
}

CLAUSES = (
    "{verb} {thing}", "{thing} c'est {adj}", "{verb} {topic}", "{topic} c'est {adj}", "{who} trouve ça {adj}", "{ask} {thing} ?",
    "{ask} {topic} ?", "on va {do} {when}", "j'en ai bu {count} {when}", "{adj}, {close}", "{open} {adj}", "{who} adore {topic}",
    "vu {thing} {when}", "{topic} à {place} ?", "bonjour de {place}, {adj}", "{topic} {when}, {close}", "{thing} ou {topic} ?",
    "à quand {topic} à {place}", "{open}, {thing} c'est {adj}", "{open}, {verb} {topic} {more}", "avec {who} on va {do} {when}",
    "{verb} {thing} {more}", "j'ai dit à {who} {when} que {topic} c'est {adj}", "{when} {who} m'en a donné {count}, {topic} c'était {adj}",
    "on finit toujours par {do} {when} {more}", "à {place}, {topic} c'est {adj} {more}", "{open}, {ask} {topic} ? {who} cherche partout à {place}",
    "j'en ai pris {count} {when}, {thing} c'est {adj} {more}", "mon préféré reste {topic} {more}", "depuis {topic} {when}, {verb} {thing}",
    "si tu veux {do}, {topic} c'est {adj}", "personne me croit mais {who} voulait {do} {when}", "il faut {do}, {thing} c'est {adj}, {close}",
    "pas convaincu par {topic}, {thing} c'était {adj} {when}", "je pourrais {do} pour {topic} {more}", "{topic} a fait pleurer {who} {when}",
    "parlez de {topic} à {who}, {thing} c'est {adj}", "on était {count} {when} à {place} et {topic} c'était {adj}",
    "le jour où {who} a trouvé {topic} à {place}, on a voulu {do} {when}",
)

SHORT = (
    "merci|j'adore|miam|mdr|oui|trop bon|super|ouah|😍|mignon|top|je veux|moi|pareil|premier|haha|bravo|cool|oui svp|non|coucou|"
    "le meilleur|love|trop beau|félicitations|bonne chance|ptdr|j'aime|génial|combien ?|où ?|prix ?|frais|magnifique|pourquoi|"
    "quoi|à l'aide|encore|légende|trop mignon|d'accord|excellent|un délice|hâte|bisous|trop bien|lol|bof|la base|vivement|bonjour|"
    "ah bon ?|joli|superbe|parfait"
).split("|")

STOCK = (
    "merci beaucoup à vous|joyeux anniversaire à vous|bonne journée à tous|bon week-end à tous|j'en veux un tout de suite|"
    "où peut-on en trouver|j'ai hâte de goûter|félicitations aux gagnants|bonne chance à tous|revenez dans ma ville|"
    "la meilleure boisson du monde|ça a l'air trop bon|joyeux noël à tous|bonne soirée à tous|merci pour ce partage|"
    "ça donne envie d'y goûter|je suis trop fan de vous|trop hâte d'être en été|toute mon enfance ça|bonjour à toute l'équipe"
).split("|")

TOPICS = {
    "flavour": ("Devinez ce qui arrive au frais cette semaine : {a}. Qui goûte en premier ?", "l'orange sanguine|pêche menthe|le yuzu|le pamplemousse rose|la mangue|la cerise|le test à l'aveugle|le gingembre|le jury de goût"),
    "contest": ("Gagnez {a} ! Commentez avant dimanche, tirage lundi.", "le tirage au sort|le ticket d'or|le pass festival|le vélo|l'année de bouteilles|le numéro gagnant|la liste des gagnants|le lot surprise"),
    "summer": ("Soleil, terrasse, {a}. Que demander de plus ?", "la terrasse|la piscine|la plage|le barbecue|les glaçons|le transat|la canicule|l'apéro du soir|le pique-nique"),
    "match": ("Ce soir, tous derrière l'équipe. {a}, qui est prêt ?", "le quart de finale|l'arbitre|le deuxième but|le gardien|la prolongation|le penalty|le maillot|la fan zone|le capitaine"),
    "recipe": ("L'idée du dimanche : {a}, quatre ingrédients, dix minutes.", "le gâteau à l'orange|le mocktail|le sorbet|le poulet laqué|la salade de fruits|le smoothie|le punch|les crêpes|la marinade"),
    "film": ("Notre nouveau film est sorti. {a}, ça valait l'attente ?", "la nouvelle pub|l'ours qui danse|l'acteur|la bande-son|cette fin|le making of|la version longue|la scène où ça secoue|la voix off"),
    "green": ("Dès aujourd'hui, {a} dans toutes nos usines.", "la bouteille recyclée|la consigne|le toit solaire|la paille en papier|la recharge|le bouchon attaché|le nettoyage des plages|l'étiquette carbone"),
    "memory": ("Souvenir : {a}. Qui s'en souvient ?", "la bouteille de 1985|la plaque émaillée|le café de mamie|le yoyo|le verre collector|le camion de livraison|le refrain de la radio|les toupies de la cour"),
    "team": ("Voici celles et ceux qui font la bouteille : {a}.", "l'équipe de nuit|le labo|la journée des apprentis|la ligne d'embouteillage|les portes ouvertes|les caristes|le chef de la cantine|les chauffeurs"),
    "party": ("Vendredi ! {a} et les amis.", "l'afterwork|le karaoké|la table d'anniversaire|la playlist|la soirée déguisée|le rooftop|le photomaton|le quiz|le blind test"),
}

PRAISE = (
    "[J'adore|J'aime|Je recommande|Toute ma famille adore] [vraiment|franchement|sincèrement|totalement] cette [marque|boisson|maison|enseigne], [qualité|goût|travail|service] [excellent|au rendez-vous|superbe|parfait] [comme toujours|à chaque fois|une fois de plus|encore une fois]",
    "[La meilleure|La plus belle|La plus chouette|La plus sympa] [marque|boisson|page|campagne] [de l'année|du marché|du moment|que je connaisse], [continuez|ne changez rien|bravo|allez-y comme ça]",
    "[Toujours|Chaque semaine|Chaque jour|Encore] un [plaisir|bonheur|régal|délice] de [voir|découvrir|lire|suivre] vos [publications|nouveautés|idées|photos], [merci|un grand merci|mille mercis|bravo] à [l'équipe|toute l'équipe|vous tous|vos équipes]",
    "[Acheté|Essayé|Goûté|Commandé] [aujourd'hui|hier|cette semaine|ce week-end], [ouah|vraiment|franchement|honnêtement] [rien|aucune autre boisson|aucune autre marque|aucun concurrent] n'arrive [à la cheville|au niveau]",
    "[Quelle|Une très|Vraiment une|Encore une] [belle|superbe|chouette|magnifique] [idée|campagne|publication|photo], [ça donne envie|j'ai envie|on a envie|il y a de quoi avoir envie] d'en [acheter|goûter|offrir|boire] [tout de suite|maintenant|ce soir|aujourd'hui]",
    "[Les autres|Vos concurrents|Les autres marques|Les copies] ne [peuvent|sauront|pourront|vont] jamais [rivaliser|suivre|égaler ça|faire mieux], [vous êtes|vous restez|c'est|voilà] [les numéros un|la référence|ma préférée|l'original]",
    "[Partagé|Envoyé|Montré|Conseillé] à [tous mes amis|toute ma famille|mes collègues|tout mon entourage], [tout le monde|chacun|l'ensemble|la bande] [approuve|a adoré|a dit oui|est conquis]",
    "[Très|Si|Vraiment|Tellement] [heureux|fier|content|ravi] d'être [client|fan|abonné|fidèle] depuis [des années|si longtemps|dix ans|toujours], [la qualité|le goût|le service|le soin] [ne déçoit jamais|ne baisse pas|est toujours là|est constant]",
)

EXTRA = {
    "mention": "{tag}|{tag} {react}|{first} {react}|{tag} {react} {emphasis}|{first} et {first}, {react}|{tag} et {first}|{first} {thing} ?|{react} {tag}|{first} trouve ça {adj}|{first}, {verb} {thing}",
    "contest": "je participe merci|je tente ma chance|allez on y croit|je joue merci",
    "disclosed": "#pub {s}|#partenariat {s}|{s} (j'ai gagné des points pour ce commentaire)|j'ai gagné des points en donnant mon avis : {s}|{s} #sponsorisé|produit offert contre mon avis : {s}",
    "staff": "{s} - {n} de l'équipe|{s} ({n}, service client)|{s} ^{n}",
    "moderator": "Merci de rester courtois, voir la charte. - {n}, modération|Commentaire masqué, voir la charte. - {n}, modérateur|Restons dans le sujet. - {n}, modération",
    "support": "Bonjour {n}, désolés de lire cela. Pouvez-vous nous envoyer votre numéro de commande ?|Bonjour {n}, en magasin dès lundi.|Bonjour {n}, merci, on transmet à l'équipe !|Bonjour {n}, pouvez-vous nous écrire en privé ?|Bonjour {n}, la liste des magasins est sur notre site.",
    "automaton": "Je suis l'assistant automatique de cette page. Magasins et horaires : voir la publication épinglée.",
    "live": "BUT|BUUUT|OUIII|nooon|quel arrêt|l'arbitre !!!|allez|incroyable|2-1 !!|penalty !!|carton|allez les bleus|j'y crois|je regarde plus|hors-jeu|fini|QUOI|toujours 0-0|c'était chaud|mon cœur",
    "outcry": "honte à vous, {topic} c'est {adj}|boycott, {close}|plus jamais {thing}|#{tag}|comment oser faire ça à {who}|j'attends une explication sur {topic}|fini {thing} pour {who}|vous perdez {count} clients dans ma famille|écœurant, {thing} et le reste|un scandale à {place}|#{tag} {thing} à la poubelle|c'est comme ça que vous traitez {who} ?|j'ai appelé {count} fois {when}, rien|des excuses pour {topic}, {close}",
    "defend": "calmez-vous, {topic} c'est {adj}|moi {verb} {thing}, {close}|vous n'avez rien de mieux à faire ?|attendez les faits avant de juger|c'est arrivé à {place} aussi, personne n'a pleuré|{who} y travaille et c'est faux|que de colère pour {topic}|laissez-les, {thing} c'est {adj}|et pourtant vous en achetez {when}",
    "chat": "haha oui|à huit heures ?|t'as appelé {who} ?|t'as dit ça {when}|arrête|faut {do}|ramène {who}|ok j'arrive|tu te souviens de {place} ?|n'importe quoi|tu m'en dois {count}|raconte|comme {when}|je demande à {who}|trop vrai|et {thing} ?|je te l'avais dit",
    "club": "le club est là, {topic} c'est {adj}|bonjour du club de {place}|on est {count} ce soir|on vient pour {topic}|salut des collectionneurs, {verb} {thing}|soirée du club, {close}|le groupe m'envoie, {topic} c'est {adj}|comme dit dans le groupe, {thing} c'est {adj}",
    "tag": "BoycottBouteille|LaHonte|PasMaBoisson|RayonsVides",
    "bio": "café et trains|papa de deux|maman, coureuse, pâtissière|ici pour rire|avis perso|foot et jardin|élève infirmière|la musique c'est la vie|tata fière|photographe du dimanche|les pieds dans l'eau|j'apprends encore",
}

SLANG = {"c'est": "c", "j'ai": "g", "quelqu'un": "qqn", "toujours": "tjs", "vous ": "vs ", "pour ": "pr ", "beaucoup": "bcp",
         "quand": "qd", " que ": " ke ", "s'il vous plaît": "svp", "aujourd'hui": "ajd", " et ": " & ", "tout ": "tt "}

FRENCH = Grammar("fr", SLOTS, CLAUSES, tuple(SHORT), tuple(STOCK), TOPICS, PRAISE, EXTRA, SLANG,
                 merged={" de le ": " du ", " à le ": " au ", " de les ": " des ", " à les ": " aux "})
