package spelling_test

// scheme is one way of writing an alphabet in Latin letters, as a standard or a habit
// has it: letters and what stands for them, a longer run of letters before a shorter
// one. It is written down without a look at the tables of the program.
type scheme struct {
	name    string
	letters string // pairs: letter, its spelling; "_" = nothing
}

// alphabet is what names of a language are made of, with its usual schemes.
type alphabet struct {
	name    string
	begins  string // letters with which a name may begin
	goesOn  string // letters of which it goes on
	schemes []scheme
}

var alphabets = []alphabet{
	{
		"Russian", "абвгдеёжзиклмнопрстуфхцчшщэюя", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
		[]scheme{
			{"BGN/PCGN", "а a б b в v г g д d е e ё yo ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ _ ы y ь _ э e ю yu я ya"},
			{"passports since 2013", "а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ъ ie ы y ь _ э e ю iu я ia"},
			{"DIN 1460, signs left out", "а a б b в v г g д d е e ё e ж z з z и i й j к k л l м m н n о o п p р r с s т t у u ф f х ch ц c ч c ш s щ sc ъ _ ы y ь _ э e ю ju я ja"},
			{"ISO 9", "а a б b в v г g д d е e ё ë ж ž з z и i й j к k л l м m н n о o п p р r с s т t у u ф f х h ц c ч č ш š щ ŝ ъ _ ы y ь _ э è ю û я â"},
			{"DIN 1460", "а a б b в v г g д d е e ё ë ж ž з z и i й j к k л l м m н n о o п p р r с s т t у u ф f х ch ц c ч č ш š щ šč ъ _ ы y ь _ э ė ю ju я ja"},
			{"German", "а a б b в w г g д d е e ё jo ж sch з s и i й i к k л l м m н n о o п p р r с s т t у u ф f х ch ц z ч tsch ш sch щ schtsch ъ _ ы y ь _ э e ю ju я ja"},
			{"French", "а a б b в v г g д d е e ё io ж j з z и i й i к k л l м m н n о o п p р r с s т t у ou ф f х kh ц ts ч tch ш ch щ chtch ъ _ ы y ь _ э e ю iou я ia"},
			{"Polish", "а a б b в w г g д d е ie ё jo ж ż з z и i й j к k л l м m н n о o п p р r с s т t у u ф f х ch ц c ч cz ш sz щ szcz ъ _ ы y ь _ э e ю ju я ja"},
			{"as it is typed", "ия ia а a б b в v г g д d е ye ё o ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х h ц ts ч ch ш sh щ sch ъ _ ы y ь _ э e ю u я ia"},
		},
	},
	{
		"Ukrainian", "абвгґдеєжзиіїйклмнопрстуфхцчшщюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
		[]scheme{
			{"resolution 55", "зг zgh а a б b в v г h ґ g д d е e є ie ж zh з z и y і i ї i й i к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ь _ ю iu я ia"},
			{"resolution 55 at a word's start", "зг zgh а a б b в v г h ґ g д d е e є ye ж zh з z и y і i ї yi й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ shch ь _ ю yu я ya"},
			{"as Russian", "а a б b в v г g ґ g д d е e є e ж zh з z и i і i ї i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ sch ь _ ю yu я ya"},
		},
	},
	{
		"Belarusian", "абвгдеёжзіклмнопрстуфхцчшэюя", "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
		[]scheme{
			{"passports", "а a б b в v г h д d е e ё io ж zh з z і i й i к k л l м m н n о o п p р r с s т t у u ў u ф f х kh ц ts ч ch ш sh ы y ь _ э e ю iu я ia"},
			{"BGN/PCGN", "а a б b в v г h д d е ye ё yo ж zh з z і i й y к k л l м m н n о o п p р r с s т t у u ў w ф f х kh ц ts ч ch ш sh ы y ь _ э e ю yu я ya"},
		},
	},
	{
		"Kazakh", "аәбғдежзкқлмнөпрстұүшіюя", "аәбвгғдежзийкқлмнңоөпрстуұүфхһшыіюя",
		[]scheme{
			{"BGN/PCGN, signs left out", "а a ә a б b в v г g ғ gh д d е e ж zh з z и i й y к k қ q л l м m н n ң ng о o ө o п p р r с s т t у u ұ u ү u ф f х kh һ h ш sh ы y і i ю yu я ya"},
			{"Latin of 2021", "а a ә ä б b в v г g ғ ğ д d е e ж j з z и i й i к k қ q л l м m н n ң ñ о o ө ö п p р r с s т t у u ұ ū ү ü ф f х h һ h ш ş ы y і i ю iu я ia"},
		},
	},
	{
		"Serbian", "абвгдђежзијклљмнњопрстћуфхцчџш", "абвгдђежзијклљмнњопрстћуфхцчџш",
		[]scheme{
			{"Gaj", "а a б b в v г g д d ђ đ е e ж ž з z и i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ ć у u ф f х h ц c ч č џ dž ш š"},
			{"passports", "а a б b в v г g д d ђ d е e ж z з z и i ј j к k л l љ lj м m н n њ nj о o п p р r с s т t ћ c у u ф f х h ц c ч c џ dz ш s"},
		},
	},
	{
		"Greek", "αβγδεζηθικλμνξοπρστυφχψω", "αάβγδεέζηήθιίκλμνξοόπρστυύφχψωώ",
		[]scheme{
			{"ELOT 743", "ου ou ού ou αυ af ευ ef μπ mp γγ ng γχ nch α a ά a β v γ g δ d ε e έ e ζ z η i ή i θ th ι i ί i κ k λ l μ m ν n ξ x ο o ό o π p ρ r σ s τ t υ y ύ y φ f χ ch ψ ps ω o ώ o"},
			{"as it is typed", "ου u ού u αυ av ευ ev μπ b ντ d γγ ng α a ά a β v γ g δ d ε e έ e ζ z η i ή i θ th ι i ί i κ k λ l μ m ν n ξ ks ο o ό o π p ρ r σ s τ t υ i ύ i φ ph χ h ψ ps ω o ώ o"},
		},
	},
	{
		"Georgian", "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
		[]scheme{
			{"national system", "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k' ლ l მ m ნ n ო o პ p' ჟ zh რ r ს s ტ t' უ u ფ p ქ k ღ gh ყ q' შ sh ჩ ch ც ts ძ dz წ ts' ჭ ch' ხ kh ჯ j ჰ h"},
			{"apostrophes left out", "ა a ბ b გ g დ d ე e ვ v ზ z თ t ი i კ k ლ l მ m ნ n ო o პ p ჟ zh რ r ს s ტ t უ u ფ p ქ k ღ gh ყ q შ sh ჩ ch ც ts ძ dz წ ts ჭ ch ხ kh ჯ j ჰ h"},
		},
	},
	{
		"Latin with signs", "abcdefghijklmnopqrstuvwzäåæöøœüßłñžšč", "abcdefghijklmnopqrstuvwxyzäåæöøœüßłđñéèáíóúçğışžščćőűýřěãõîêþð",
		[]scheme{
			{"signs left out", "ä a å a æ ae ö o ø o œ oe ü u ß ss ł l đ d ñ n é e è e á a í i ó o ú u ç c ğ g ı i ş s ž z š s č c ć c ő o ű u ý y ř r ě e ã a õ o î i ê e þ th ð d"},
			{"passports", "ä ae å aa æ ae ö oe ø oe œ oe ü ue ß ss ł l đ d ñ n é e è e á a í i ó o ú u ç c ğ g ı i ş s ž z š s č c ć c ő o ű u ý y ř r ě e ã a õ o î i ê e þ th ð d"},
		},
	},
}
