namespace Transformer.Training.Data.BuiltIn.Words;

/// <summary>People and animals.</summary>
internal static class People
{
    public static readonly Noun[] All =
    [
        .. Noun.ParseAll(Kind.Person, """
            der Mann/Männer man/men, die Frau/Frauen woman/women, das Kind/Kinder child/children
            der Junge/Jungen boy/boys, das Mädchen/Mädchen girl/girls
            """, ownership: Ownership.Free),
        .. Noun.ParseAll(Kind.Person, """
            der Lehrer/Lehrer teacher/teachers, die Lehrerin/Lehrerinnen teacher/teachers
            der Arzt/Ärzte doctor/doctors, die Ärztin/Ärztinnen doctor/doctors
            der Nachbar/Nachbarn neighbour/neighbours, die Nachbarin/Nachbarinnen neighbour/neighbours
            der Student/Studenten student/students, die Studentin/Studentinnen student/students
            der Kollege/Kollegen colleague/colleagues, die Kollegin/Kolleginnen colleague/colleagues
            der Freund/Freunde friend/friends, der Gast/Gäste guest/guests, der Koch/Köche cook/cooks
            der Schüler/Schüler pupil/pupils, der Gärtner/Gärtner gardener/gardeners
            die Künstlerin/Künstlerinnen artist/artists
            """),
        .. Noun.ParseAll(Kind.Person, """
            der Bruder/Brüder brother/brothers, die Schwester/Schwestern sister/sisters
            der Sohn/Söhne son/sons, die Tochter/Töchter daughter/daughters
            der Onkel/Onkel uncle/uncles, die Tante/Tanten aunt/aunts
            """, ownership: Ownership.Family),
        .. Noun.ParseAll(Kind.Person, """
            der Vater father, die Mutter mother, der Großvater grandfather, die Großmutter grandmother
            """, Count.SingularOnly, Ownership.Family),
        .. Noun.ParseAll(Kind.Person, """
            die Anna Anna, die Maria Maria, der Peter Peter, der Paul Paul
            """, Count.Proper),
        .. Noun.ParseAll(Kind.Animal, """
            der Hund/Hunde dog/dogs, die Katze/Katzen cat/cats, das Pferd/Pferde horse/horses
            der Vogel/Vögel bird/birds, die Kuh/Kühe cow/cows
            """),
    ];
}
