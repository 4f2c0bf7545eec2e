"""Characters that annotating pages are known to annotate, by reading.

Used beside what a damaged page itself annotates: the character that a reading in the damage belongs to may stand
nowhere else in it. The list holds the commonest Traditional characters; a reading outside it is no evidence.
"""

from __future__ import annotations

from jianbao_text.script import is_traditional_form

_BY_READING = (
    "shù數術樹豎 shè設攝 shí實時識蝕 shì勢適試視飾 shēng聲 shèng勝聖 shū書輸 shǔ屬 shuāng雙 shuì稅 shuō說 shǎn閃 shàng傷 "
    "xiàn縣線現憲陷獻 xiǎn顯險 xiāng鄉 xiǎng響享 xiàng項 xié協脅 xiě寫 xīng興 xū須 xǔ許 xù續緒 xuǎn選 xué學 xùn訓訊 xì細戲 xí習 xiào嘯 "
    "lǐng領 lián聯連 liáng糧 liǎng兩 liàng輛 lì歷曆勵麗 lǐ裡禮 lè樂 lèi類淚 lí離 líng靈齡 lóu樓 lù錄陸 lùn論 luò絡 "
    "dǎo導 dòng動 dāng當 dǎng黨 dān單擔 dàn但彈 dé得 dēng燈 diàn電 diǎn點 dīng釘 dìng訂 dōng東 dū督 dú獨讀 duì對隊 duó奪 duàn斷 dài帶 "
    "chuàng創 chǎng場廠 cháng長償 chē車 chéng誠 chí遲馳 chōng衝 chù處觸 chuán傳 chún純 chǎn產 chéng懲 "
    "zé責澤擇則 zǔ組 zǒng總 zhǎng長 zhàng賬帳 zhàn戰 zhě者 zhè這 zhèn鎮陣 zhěng整 zhèng證鄭 zhī織隻 zhí職執 zhì製質誌 zhōng鐘 zhǒng種 zhòng眾 zhù築駐 "
    "zhuān專 zhuàn轉 zhǔn準 zī資 zì漬 zōng蹤 zhōu週 zhào趙 "
    "jiǎn簡檢減 jiàn鑒見漸艦 jiān間監堅 jiǎng講獎蔣 jiāng將 jié節結潔 jiē階 jìn進盡 jǐn緊僅 jīng經驚 jìng競淨 jiù舊 jù據劇 jué覺決絕 jūn軍 jì際紀計繼濟記 jī機積雞 jí級極 jǐ幾擠 jiào較 "
    "fā發 fēng風豐 fèn奮 fù複復負婦 fǔ輔 fēn紛 fàn範 fáng防 fǎng紡訪 fèi費 "
    "wù務霧 wèi衛為謂 wéi圍維違 wǎng網 wén聞 wěn穩 wèn問 wú無 "
    "guó國 guǎn館 guàn貫慣 guǎng廣 guī規歸 guò過 gǎng崗 gǔ穀 gù顧 gòng貢 gè個 gài蓋 gōng鞏 gāng剛 "
    "huà畫劃話 huán環還 huì會匯 huó活 huò獲貨 hù護戶 hé和 hào號 huái懷 huī輝 "
    "kāi開 kù庫 kuài塊 kuàng況礦 kē顆 kuān寬 kuò擴 "
    "rèn認 rè熱 ràng讓 róng榮 rùn潤 "
    "mén門們 miàn麵 mín民 mǎi買 mài賣 mǎn滿 "
    "nóng農 nǎo腦 nèi內 "
    "pín貧頻 píng評 pán盤 "
    "qū區 quán權 quàn勸 qì氣 qǐ啟 qīn親 qīng輕 qíng情 qiáng強 qián錢 qiān簽遷 qiáo橋 "
    "tǐ體 tuán團 tíng廳 tōng通 tǒng統 tí題 tiáo條 "
    "yè業葉 yì義議藝億憶 yuán園員圓 yuǎn遠 yuàn願 yún雲 yùn運 yàn驗 yǎn演 yāng揚 yáng陽楊 yàng樣 yǎng養 yǒng湧 yōu優憂 yóu遊 yú於魚 yǔ語與 yù預譽 yíng營迎 yīng應 yuè躍閱 "
    "bào報 bǎo寶 bèi備貝 bǐ筆 bì畢 biān邊編 biàn變辯 biāo標 bīn賓濱 bù佈 bàn辦 bāng幫 "
    "cái財 cān參 cè測側 céng層 cóng從 cūn村 cí詞 "
    "tài態 táng堂 "
    "sī絲 suí隨 sù肅訴 sūn孫"
)


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for entry in _BY_READING.split():
        first_han = next(index for index, character in enumerate(entry) if character >= "\u3400")
        reading = entry[:first_han]
        table[reading] = table.get(reading, frozenset()) | frozenset(filter(is_traditional_form, entry[first_han:]))
    return table


KNOWN_ANNOTATED = _table()
"""Reading with tone mark → characters."""
