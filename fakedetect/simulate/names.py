# ruff: noqa: E501, SIM905  (word lists read better unwrapped and unquoted)
# fmt: off
"""First names by language, syllables of invented last names, words of invented handles."""

from __future__ import annotations

FIRST = {
    "en": "Amy|Ben|Carol|Dan|Ellie|Fred|Gemma|Harry|Isla|Jack|Kate|Liam|Mia|Noah|Olive|Pete|Rosie|Sam|Tess|Will|Zoe|"
    "Alan|Beth|Craig|Dawn|Evan|Faye|Greg|Holly|Ian|Jess|Kyle|Lucy|Mark|Nina|Owen|Paula|Ross|Sara|Tom|Una|Vince",
    "fr": "Alice|Bruno|Chloé|Damien|Élodie|Fabien|Gaëlle|Hugo|Inès|Julien|Karine|Luc|Manon|Nicolas|Océane|Paul|Romane|"
    "Sylvie|Théo|Valérie|Yann|Zoé|Anaïs|Benoît|Céline|Denis|Estelle|Franck|Géraldine|Hélène|Jérôme|Laure|Maud|Noé|"
    "Odile|Pascal|Quentin|Rachid|Samia|Thierry|Véronique|Amine",
    "es": "Ana|Pablo|Lucía|Diego|Carmen|Javi|Rocío|Iker|Marta|Nacho|Pilar|Raúl",
    "ru": "Анна|Олег|Ира|Вадим|Света|Денис|Юля|Егор|Настя|Роман|Лена|Глеб",
    "ar": "سلمى|كريم|هدى|يوسف|ليلى|عمر|نور|طارق|مريم|زياد|رانيا|سامي",
    "zh": "小雨|建国|晓梅|志强|思琪|大伟|婷婷|子涵|丽华|浩然|佳怡|文博",
    "th": "มาลี|สมชาย|นก|อาทิตย์|ฝน|ก้อง|แพร|ชัย|ดาว|เอก|พลอย|โต้ง",
}
LAST_A = "Bar|Cor|Del|Fau|Gar|Hol|Jan|Ker|Lam|Mar|Nor|Pel|Quin|Ros|Sal|Tal|Var|Wes|Bel|Cha|Dor|Gri|Mou|Pra|Ver".split("|")
LAST_B = "net|ton|court|ley|mans|vel|ier|dale|ard|bois|rin|ston|bec|lier|neau|ford|gat|son|din|ville|mer|lot|wick|zac".split("|")
HANDLE = "sun|moon|kiwi|pixel|tiger|velvet|echo|nova|mango|river|lucky|ghost|honey|cactus|turbo|panda|misty|salty|retro|zen".split("|")
