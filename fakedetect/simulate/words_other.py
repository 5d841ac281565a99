# ruff: noqa: E501  (word lists read better unwrapped and unquoted)
# fmt: off
"""Small grammars of five other languages, for the people who write neither English nor French."""

from __future__ import annotations

from fakedetect.simulate.grammar import Grammar


def _small(lang: str, short: str, subjects: str, verbs: str, things: str, tails: str, *, space: str = " ", density: float = 1.0) -> Grammar:
    """A grammar of four slots in a row, in the order in which they are read."""
    slots = {"s": subjects.split("|"), "v": verbs.split("|"), "thing": things.split("|"), "t": tails.split("|")}
    clauses = (space.join(("{s}", "{v}", "{thing}")), space.join(("{s}", "{v}", "{thing}", "{t}")),
               space.join(("{t}", "{s}", "{v}", "{thing}")), space.join(("{v}", "{thing}", "{t}")))
    shorts = tuple(short.split("|"))
    return Grammar(lang, slots, clauses, shorts, (), {}, (), {}, {}, density=density)


OTHERS = (
    _small("es", "gracias|me encanta|qué rico|jajaja|quiero|hermoso|sí|hola|bravo|precio?",
           "mi hermana|mi abuela|yo|mi vecino|toda mi familia|mi primo|el jefe|mi novia|en Sevilla la gente|mi perro|ayer mi madre|la maestra|mi equipo|mi tío Paco|nadie en casa",
           "quiere|adora|busca|recuerda|no encuentra|compró|prefiere|odia|ha probado|se llevó|nunca olvida|regala|mezcla|enfría|comparte",
           "la botella nueva|el sabor de naranja|el anuncio|la lata pequeña|la etiqueta vieja|el premio|la receta|el concurso|la canción|la edición de verano|el camión|la sombrilla|el vaso|la oferta|el logo",
           "desde hace años|en la playa|con hielo|los domingos|y con razón|en Bilbao|después del partido|sin azúcar|como siempre|a medianoche|por favor|en el mercado|qué risa|saludos|cuando hace calor"),
    _small("ru", "спасибо|люблю|класс|вкусно|хочу|привет|супер|да|красиво|где купить",
           "моя сестра|мой дед|я|сосед|вся семья|мой брат|начальник|подруга|у нас в Твери все|собака|вчера мама|учительница|наша команда|дядя Коля|никто дома",
           "хочет|обожает|ищет|помнит|не находит|купил бы|любит|не понимает|пробует|берёт|не забудет|дарит|мешает|охлаждает|делит",
           "новую бутылку|апельсиновый вкус|эту рекламу|маленькую банку|старую этикетку|главный приз|этот рецепт|конкурс|песню|летнюю серию|грузовик|зонтик|стакан|скидку|логотип",
           "уже много лет|на даче|со льдом|по воскресеньям|и не зря|в Казани|после матча|без сахара|как всегда|в полночь|пожалуйста|на рынке|смешно|всем привет|в жару"),
    _small("ar", "شكرا|احبه|جميل|لذيذ|اريد|مرحبا|رائع|نعم|ممتاز|كم السعر",
           "اختي|جدي|انا|جاري|كل العائلة|اخي|المدير|صديقتي|الناس في طنجة|كلبي|امي امس|المعلمة|فريقنا|عمي سعيد|لا احد في البيت",
           "يريد|يحب|يبحث عن|يتذكر|لا يجد|اشترى|يفضل|يكره|جرب|اخذ|لن ينسى|يهدي|يخلط|يبرد|يشارك",
           "الزجاجة الجديدة|طعم البرتقال|الاعلان|العلبة الصغيرة|الملصق القديم|الجائزة|الوصفة|المسابقة|الاغنية|طبعة الصيف|الشاحنة|المظلة|الكأس|العرض|الشعار",
           "منذ سنوات|على الشاطئ|مع الثلج|كل جمعة|والحق معه|في وهران|بعد المباراة|بدون سكر|كالعادة|عند منتصف الليل|من فضلكم|في السوق|يا للضحك|تحياتي|في الحر"),
    _small("zh", "谢谢|喜欢|好看|想要|哈哈|支持|好喝|加油|多少钱|真好",
           "我妹妹|我爷爷|我|邻居|我们全家|我哥|老板|女朋友|成都人|我家狗|昨天妈妈|老师|我们队|王叔叔|家里没人",
           "想要|最爱|在找|还记得|找不到|买了|更喜欢|讨厌|尝过|带走了|忘不了|送人|混着喝|冰过|分享",
           "新瓶子|橙子味|这个广告|小罐装|旧标签|大奖|这个配方|抽奖活动|那首歌|夏天限量版|送货车|遮阳伞|玻璃杯|优惠装|老商标",
           "好多年了|在海边|加冰块|每个星期天|有道理|在武汉|比赛以后|不加糖|跟以前一样|半夜里|拜托了|在菜市场|笑死我了|大家好|天热的时候", space="", density=0.4),
    _small("th", "ขอบคุณ|ชอบมาก|อร่อย|อยากได้|สวย|สวัสดี|สุดยอด|ใช่|ราคา|น่ารัก",
           "น้องสาว|คุณปู่|ฉัน|เพื่อนบ้าน|ทั้งครอบครัว|พี่ชาย|หัวหน้า|แฟน|คนเชียงใหม่|หมาที่บ้าน|เมื่อวานแม่|คุณครู|ทีมเรา|ลุงสมชาย|ไม่มีใครที่บ้าน",
           "อยากได้|ชอบ|กำลังหา|ยังจำ|หาไม่เจอ|ซื้อ|ชอบกว่า|ไม่ชอบ|ลองแล้ว|เอาไป|ไม่ลืม|ให้เป็นของขวัญ|ผสม|แช่เย็น|แบ่งกัน",
           "ขวดใหม่|รสส้ม|โฆษณานี้|กระป๋องเล็ก|ฉลากเก่า|รางวัลใหญ่|สูตรนี้|กิจกรรม|เพลงนั้น|รุ่นหน้าร้อน|รถส่งของ|ร่ม|แก้วใส|โปรโมชั่น|โลโก้เก่า",
           "มานานหลายปี|ที่ทะเล|ใส่น้ำแข็ง|ทุกวันอาทิตย์|จริงด้วย|ที่ขอนแก่น|หลังแข่ง|ไม่ใส่น้ำตาล|เหมือนเดิม|ตอนเที่ยงคืน|ขอร้อง|ที่ตลาด|ขำมาก|สวัสดีทุกคน|วันที่ร้อน", space=""),
)
